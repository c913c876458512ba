import io.github.phpdeploy.it.Build

assert new File(basedir, 'target/sites/shop/current/index.php').text.contains('shop')
assert new File(basedir, 'target/sites/blog/current/index.php').text.contains('blog')
assert !new File(basedir, 'target/sites/reactor').exists()
assert !new File(basedir, 'target/sites/shop/current/pom.xml').exists()
def log = new File(basedir, 'build.log').text
assert log.count('is live') == 2

def maven = new Build(basedir, mavenHome as File, localRepositoryPath)
def deploy = maven.run('php:deploy').succeeded().log()
assert deploy.contains('Nothing to deploy: this project only holds modules')
assert deploy.count('is live') == 2
def releases = maven.run('php:releases', '-Dphp.deployPath=' + new File(basedir, 'target/sites/shop')).succeeded().log()
assert releases.count(':releases') == 1
def one = maven.run('php:deploy', '-pl', 'blog').succeeded().log()
assert one.count('is live') == 1
return true
