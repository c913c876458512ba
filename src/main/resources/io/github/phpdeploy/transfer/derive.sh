# Functions for upload.sh, in a staging area: what is new there but need not travel, because the clone has it elsewhere.

# into DIRECTORY FILE...: files under tree/ get further links in in/DIRECTORY, under their own names; or copies, where there
# can be no links
into() {
  directory=in/$1
  shift
  [ $# -gt 0 ] || return 0
  if [ -n "$reflinks" ]; then
    cp -p --reflink=always "$@" "$directory/"
  elif ! ln "$@" "$directory/"; then
    for file; do
      [ -e "$directory/${file##*/}" ] || cp -p "$file" "$directory/"
    done
  fi 2>/dev/null
}

# refer: does what $ctl/refs says: ">DIRECTORY" begins a group, "=SOURCE" is one of it; "-SOURCE", "+TARGET" are a pair
refer() {
  source=
  set --
  while IFS= read -r line; do
    case $line in
      '>'*)
        into "$group" "$@"
        set --
        group=${line#?}
        mkdir -p "in/$group" || return
        ;;
      '='*)
        # as many as a command line holds for certain
        if [ $# -ge 100 ]; then
          into "$group" "$@"
          set --
        fi
        set -- "$@" "tree/${line#?}"
        ;;
      '-'*) source=tree/${line#?} ;;
      '+'*)
        target=in/${line#?}
        mkdir -p "${target%/*}" || return
        if [ -n "$reflinks" ]; then
          cp -p --reflink=always "$source" "$target"
        else
          ln "$source" "$target" || cp -p "$source" "$target"
        fi 2>/dev/null
        ;;
    esac
  done <"$ctl/refs"
  into "$group" "$@" || return 0
}

# derive MANIFEST: makes what $ctl/derived lists of what the clone, whose manifest is MANIFEST, has; what could not be made is
# listed in "underived"
derive() {
  mkdir -p in || return
  reflinks=
  group=.
  if cp --reflink=always "$ctl/derived" reflink.probe 2>/dev/null; then reflinks=1; fi
  rm -f reflink.probe
  refer || return
  for script in "$ctl"/assemble.*; do
    case ${script##*.} in
      perl) perl "$script" "$1" "$ctl" ;;
      php) php -n "$script" "$1" "$ctl" ;;
      python3) python3 -I "$script" "$1" "$ctl" ;;
    esac || return
  done
  while IFS= read -r path; do
    [ -f "in/$path" ] || printf '%s\n' "$path"
  done <"$ctl/derived" >underived
}

# only_in LIST FILE: the lines of FILE that are in LIST too
only_in() {
  awk 'FILENAME == ARGV[1] { listed[$0] = 1; next } $0 in listed' "$1" "$2"
}

# leave_out LIST FILE N: removes from FILE the lines whose path is in LIST; it stands behind N fields with a tab each, 0 or 1
leave_out() {
  [ -s "$1" ] || return 0
  fields=$3 awk -F '\t' '
    FILENAME == ARGV[1] { listed[$0] = 1; next }
    !((ENVIRON["fields"] > 0 ? substr($0, length($1) + 2) : $0) in listed)
  ' "$1" "$2" >left && mv left "$2"
}
