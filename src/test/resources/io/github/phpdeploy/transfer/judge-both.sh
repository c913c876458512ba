# judge-both.sh STAGE META: what both ways of judging say of the staging area STAGE; "fast" where the short one could tell
set -u
cd "$1" || exit 30
stage=$1
meta=$2
ctl=ctl1
cp ctl1/added sent
index tree >index || exit 37
if judge_changes base >changes; then echo fast; fi
judge >whole || exit 37
sort changes | sed 's/^/changes /'
sort whole | sed 's/^/whole /'
