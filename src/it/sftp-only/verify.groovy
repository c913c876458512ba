import groovy.json.JsonSlurper
import io.github.phpdeploy.it.Build

def web = context.get('web')
try {
    def served = { web.site().resolve('current/public/index.php').toFile().text }
    def json = { new JsonSlurper().parse(new File(basedir, 'target/php-deploy/result.json')) }
    def maven = new Build(basedir, mavenHome as File, localRepositoryPath).with(web.properties())

    assert new File(basedir, 'build.log').text =~ /sends files by SFTP, which is slower than one stream, because .* ran no shell/
    assert served().contains('one')
    def first = json()
    assert first.outcome == 'success' && first.hosts[0].filesSent == 2

    maven.write('app/public/index.php', "<?php echo 'two';\n")
    maven.run('php:deploy').succeeded()
    assert served().contains('two')
    assert json().hosts[0].filesSent == 1 && json().hosts[0].filesReused == 1

    maven.run('php:rollback').succeeded()
    assert served().contains('one')
    assert maven.run('php:releases').succeeded().log() =~ /->\s+${first.release}\s+good/
    assert maven.run('php:history', '-Dphp.transfer=sftp').succeeded().log().contains('rollback')
    assert maven.run('php:unlock').succeeded().log().contains('not locked')
    def refused = maven.run('php:deploy', '-Dphp.runtime=fpm')
    assert refused.exitCode() != 0
    assert refused.log().contains('php.runtime=fpm needs a shell on webspace@127.0.0.1')
} finally {
    web.close()
}
return true
