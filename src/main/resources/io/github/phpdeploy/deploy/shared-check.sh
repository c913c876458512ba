# shared-check.sh ROOT PATH... : which of the paths are not under shared/. Says "missing NUMBER", counted from 1. Changes nothing.
shared=$1/shared
shift
number=0
for path; do
  number=$((number + 1))
  [ -e "$shared/$path" ] || echo "missing $number"
done
