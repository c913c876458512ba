# Functions for the other scripts of this folder.

# brief DIGITS MANIFEST LEVEL: a manifest, gzipped, without what only the host needs to know: sizes of files, lengths of chunks,
# and all but the first DIGITS of each SHA-256
brief() {
  sed "s|^\([fF] .\) [0-9]* \([0-9a-f]\{$1\}\)[0-9a-f]*|\1 \2|; s|^c \([^ ]*\) [0-9a-f]*|c \1|" "$2" | gzip "$3" -c
}
