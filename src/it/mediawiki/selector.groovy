// unpacked by install-servers.sh where there is apt-get
return new File(basedir, '../../mediawiki/usr/share/mediawiki/index.php').exists()
