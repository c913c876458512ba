import io.github.phpdeploy.it.Build

def installed = new File(localRepositoryPath, 'com/example/attached/1.0/attached-1.0.tar.gz')
assert installed.length() > 0
def site = new File(basedir, 'target/php-site/current')
assert new File(site, 'index.php').exists() && !new File(site, 'docs').exists()
assert new File(basedir, 'build.log').text.contains('but no vendor directory')

// Composer, when it is asked for
def maven = new Build(basedir, mavenHome as File, localRepositoryPath)
def pom = new File(basedir, 'pom.xml')
pom.text = pom.text.replace('<sourceDirectory>', '<composer><options><option>--no-plugins</option></options></composer><sourceDirectory>')
def log = maven.run('php:deploy').succeeded().log()
assert log.contains('composer: ') && !log.contains('but no vendor directory')
assert new File(site, 'vendor/autoload.php').exists()
pom.text = pom.text.replace('<option>--no-plugins</option>', '<option>--no-such-option</option>')
maven.run('php:deploy').failedWith('"composer install --no-dev --optimize-autoloader', 'failed in', '--no-such-option')
return true
