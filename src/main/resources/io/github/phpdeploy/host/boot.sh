# What every channel runs. It reads from standard input: a mark, the script, and the script's arguments, each text as the
# count of its lines and then the lines; says the mark, so that what a login shell printed before is known as noise; and
# runs the script with the rest of standard input.
#
# It is sent as one single-quoted word to whatever login shell the user has (sh, csh, fish), so its lines are joined by
# blanks and it holds no single quote, no exclamation mark and no backslash. It uses only built-ins that read byte by byte.
umask 022;
n=$(echo; echo x); n=${n%x};
take() {
IFS= read -r k || exit 97; v=;
while [ "$k" -gt 0 ]; do
IFS= read -r l || exit 97; v=$v$l; k=$((k-1)); [ "$k" -eq 0 ] || v=$v$n;
done; };
IFS= read -r mark || exit 97;
take; script=$v;
IFS= read -r c || exit 97; set --;
while [ "$c" -gt 0 ]; do take; set -- "$@" "$v"; c=$((c-1)); done;
echo "$mark"; eval "$script"
