# journal.sh ROOT LINES: the last LINES lines of the journal, oldest first
[ ! -f "$meta/journal.jsonl" ] || tail -n "$2" "$meta/journal.jsonl"
