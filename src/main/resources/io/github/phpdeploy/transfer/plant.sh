# plant.sh DIRECTORY: unpacks the gzipped tar on standard input into DIRECTORY, and leaves alone what is there
mkdir -p "$1" && cd "$1" || exit 31
gzip -dc | tar -xopkf -
