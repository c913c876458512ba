# fetch.sh ROOT RELEASE: the manifest of a release, gzipped
exec gzip -c "$1/.php-deploy/manifests/$2"
