# compare.sh ROOT RELEASE: what of a release may not be as we left it; writes nothing. Says "!<path>" for what is gone, and of
# files that may have changed three lists of the same length: "b <x|->", their executable bits, "h <hash>", and "p <path>".
index=$1/.php-deploy/manifests/$2.stat
cd "$1/releases/$2" || exit 30
if [ -f "$index" ]; then
  changes=$(scan . | differ "$index" -)
else
  changes=$(scan . | sed -n "s|^f [^$tab]*$tab|~|p")
fi
printf '%s\n' "$changes" | sed -n 's|^-|!|p'
changes=$(printf '%s\n' "$changes" | sed -n 's|^~||p')
[ -n "$changes" ] || exit 0
printf '%s\n' "$changes" | while IFS= read -r path; do
  if [ -x "$path" ]; then echo 'b x'; else echo 'b -'; fi
done
printf '%s\n' "$changes" | paths_to_nul | hashes | sed 's/^/h /'
printf '%s\n' "$changes" | sed 's/^/p /'
