new File(basedir, 'app/bin/console').setExecutable(true)
return true
