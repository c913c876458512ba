import io.github.phpdeploy.it.Build

def target = new File(basedir, 'target')
def releases = { new File(target, it + '/releases').list()?.length ?: 0 }
assert releases('of-its-own') == 1
assert !new File(target, 'production').exists()

def maven = new Build(basedir, mavenHome as File, localRepositoryPath)
def deploy = { String... more -> maven.run(['php:deploy', '-Dphp.hosts=local', '-Dphp.runtime=none', *more] as String[]) }
deploy('-Dphp.deployPath=' + target + '/elsewhere').succeeded()
assert releases('elsewhere') == 1
assert releases('of-its-own') == 1
deploy('-Dphp.deployPath=foo/bar').failedWith('the deploy path "foo/bar" for local is not absolute')
deploy('-Dphp.runtime=fpmx').failedWith('there is no runtime "fpmx"')
deploy('-Dphp.keepReleases=0').failedWith('php.keepReleases is 0')
deploy('-Dphp.dryRun').succeeded()
assert releases('of-its-own') == 1
3.times { deploy('-Dphp.keepReleases=1').succeeded() }
// the current one, and the one to go back to
assert releases('of-its-own') == 2
maven.run('php:rollback', '-Dphp.hosts=local', '-Dphp.runtime=none', '-Dphp.dryRun').succeeded()
assert maven.run('php:releases', '-Dphp.hosts=local').succeeded().log() =~ /->\s+\S+\s+good/
return true
