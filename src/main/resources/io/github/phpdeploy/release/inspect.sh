# inspect.sh ROOT ... : what is there, without touching it. Lines: "current none", "current link TARGET", "current other";
# "release ID" for each directory; "record JSON" for each release's record; "staging ID" for each upload that was left;
# "time EPOCH"; "free KIBIBYTES" and "inodes COUNT"; "tool NAME".
if [ -L "$root/current" ]; then
  printf 'current link %s\n' "$(readlink "$root/current" | head -n 1)"
elif [ -e "$root/current" ]; then
  echo 'current other'
else
  echo 'current none'
fi
for entry in "$root"/releases/*; do
  # a name that we would not give is none of ours
  case ${entry##*/} in *[!A-Za-z0-9._-]*) continue ;; esac
  if [ -d "$entry" ] && [ ! -L "$entry" ]; then printf 'release %s\n' "${entry##*/}"; fi
done
for entry in "$meta"/releases/*.json; do
  if [ -f "$entry" ]; then printf 'record %s\n' "$(head -n 1 "$entry")"; fi
done
for entry in "$meta"/staging/*; do
  case ${entry##*/} in *[!A-Za-z0-9._-]*) continue ;; esac
  if [ -d "$entry" ]; then printf 'staging %s\n' "${entry##*/}"; fi
done
printf 'time %s\n' "$(date +%s)"
near=$root
while [ ! -e "$near" ] && [ "$near" != / ] && [ -n "$near" ]; do near=${near%/*}; done
df -Pk "${near:-/}" 2>/dev/null | awk 'NR == 2 { print "free " $4 }'
df -Pi "${near:-/}" 2>/dev/null | awk 'NR == 2 { print "inodes " $4 }'
for tool in tar gzip zstd setfacl sudo systemctl php perl python3; do
  if command -v "$tool" >/dev/null 2>&1; then echo "tool $tool"; fi
done
