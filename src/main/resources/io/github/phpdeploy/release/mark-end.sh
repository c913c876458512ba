# mark-end.sh: writes the record of mark-begin.sh; the script between them has done its work, or it would have exited.
mkdir -p "$meta/releases" && put "$meta/releases/$mark_id.json" "$mark_record" || exit 14
