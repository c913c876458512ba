# lint.sh DIRECTORY: has php check the syntax of the files that standard input names, one a line, on all processors, and says
# what is wrong with the first that does not pass. Exit codes: 51 there is no php, 52 a file does not pass.
set -u
cd "$1" || exit 14
command -v php >/dev/null 2>&1 || exit 51
# an exit code of 255 has xargs stop at once
tr '\n' '\0' | xargs -0 -n 1 -P "$(nproc 2>/dev/null || echo 2)" sh -c '
said=$(php -d display_errors=1 -d log_errors=0 -d html_errors=0 -l "$1" 2>&1) && exit 0
printf "%s\n" "$said" | grep -v -e "^$" -e "^Errors parsing" | head -n 1
exit 255' lint 2>/dev/null || exit 52
