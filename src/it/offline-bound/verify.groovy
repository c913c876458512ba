def log = new File(basedir, 'build.log').text.replaceAll(/\s+/, ' ')
assert log.contains('Maven is offline (-o), and me@web1.example.com can only be reached over the network; nothing was changed'
    + ' on any host; run without -o, or skip this goal with -Dphp.skip.')
assert log.contains('BUILD FAILURE')
return true
