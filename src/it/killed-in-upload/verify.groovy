import io.github.phpdeploy.it.Build
import io.github.phpdeploy.it.Server

def web = context.get('web')
try {
    def maven = new Build(basedir, mavenHome as File, localRepositoryPath).with(web.properties())
            .environment('MAVEN_OPTS', '')
    def first = web.current()
    def staging = web.site().resolve('.php-deploy/staging').toFile()

    def big = new File(basedir, 'app/public/big.bin')
    def random = new Random(42)
    def piece = new byte[1 << 20]
    big.withOutputStream { out -> 300.times { random.nextBytes(piece); out.write(piece) } }
    maven.write('app/public/index.php', "<?php echo 'two';")

    def doomed = maven.start('php:deploy')
    def arrived = { staging.exists() ? staging.directorySize() : 0 }
    Server.await('the upload to be under way', { arrived() > 20_000_000 })
    doomed.kill()
    assert arrived() < big.length()
    assert web.current() == first
    assert web.nginx().get('/index.php').body() == 'one'

    // nothing to clean up: the lock went with the connection
    Server.await('the lock to be free', { maven.run('php:unlock').succeeded().log().contains('not locked') })
    big.delete()
    def log = maven.run('php:deploy').succeeded().log()
    assert log.contains('found the remains of a deploy that was cut off')
    assert web.nginx().get('/index.php').body() == 'two'
    Server.await('the remains to be gone', { staging.list().length == 0 })
    assert web.site().resolve('releases').toFile().list().length == 2
} finally {
    web.close()
}
return true
