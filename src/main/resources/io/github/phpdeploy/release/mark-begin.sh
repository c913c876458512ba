# mark-begin.sh ROOT TOKEN ID RECORD [ARGUMENT]...: in front of a script that does something with release ID, called with ROOT,
# ID and the ARGUMENTs; behind it stands mark-end.sh.
guard "$2"
mark_id=$3
mark_record=$4
shift 4
set -- "$root" "$mark_id" "$@"
