import io.github.phpdeploy.it.Build

def log = new File(basedir, 'build.log').text
['php:deploy', 'php:doctor', 'php:history', 'php:package', 'php:releases', 'php:reload', 'php:rollback', 'php:unlock'].each {
    assert log.contains(it)
}
assert log.contains('User property: php.keepReleases')
assert log.contains('Skipped, because php.skip is set')

def nowhere = new File(basedir, 'nowhere')
nowhere.mkdirs()
def maven = new Build(nowhere, mavenHome as File, localRepositoryPath)
def plugin = 'io.github.phpdeploy:php-maven-plugin:' + pluginVersion + ':'
def path = '-Dphp.deployPath=' + new File(basedir, 'target/php-site')
assert maven.run(plugin + 'releases', path).succeeded().log() =~ /->\s+\d{14}/
assert maven.run(plugin + 'history', path).succeeded().log().contains('success')
assert maven.run(plugin + 'unlock', path).succeeded().log().contains('not locked')
assert maven.run(plugin + 'reload', path).succeeded().log().contains('nothing to reload')
maven.run(plugin + 'rollback', path).failedWith('there is no good release older than the current one')
return true
