# preview.sh ROOT RELEASE PREVIOUS COMMAND, in front of hook.sh: what a command finds that tries a release
release=$2
releasePath=$1/releases/$2
export release releasePath
