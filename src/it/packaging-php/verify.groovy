import io.github.phpdeploy.it.Build
import io.github.phpdeploy.it.Server

def archive = new File(basedir, 'target/packaging-php-1.0.tar.gz')
def listing = Server.run('tar', '--numeric-owner', '-tvzf', archive.path)
def names = listing.readLines().collect { it.replaceAll(/.* \d\d:\d\d (.*)/, '$1') }
assert names == ['bin/', 'bin/console', 'public/', 'public/index.php']
assert listing.contains('-rwxr-xr-x 0/0') && listing.contains('2026-11-21 21:42')

def installed = new File(localRepositoryPath, 'com/example/packaging-php/1.0/packaging-php-1.0.tar.gz')
assert installed.bytes == archive.bytes

def site = new File(basedir, 'target/php-site')
assert new File(site, 'current/public/index.php').text.contains('packaged')
assert new File(site, 'current/bin/console').canExecute()
assert !new File(site, 'current/tests').exists() && !new File(site, 'current/.env').exists()

// the same sources make the same archive, byte for byte, and nothing is sent twice
def maven = new Build(basedir, mavenHome as File, localRepositoryPath)
def before = archive.bytes
assert archive.delete()
new File(basedir, 'app/public/index.php').setLastModified(0)
def log = maven.run('deploy').succeeded().log()
assert archive.bytes == before
assert log.contains('0 files sent, 2 reused of 2')
assert log.indexOf(':package') < log.indexOf(':install') && log.indexOf(':install') < log.indexOf(':deploy')

// ZIP as the main artifact
maven.run('install', '-Dphp.format=zip').succeeded()
def zip = new File(localRepositoryPath, 'com/example/packaging-php/1.0/packaging-php-1.0.zip')
assert zip.bytes == new File(basedir, 'target/packaging-php-1.0.zip').bytes
return true
