import groovy.json.JsonSlurper
import io.github.phpdeploy.it.Build
import io.github.phpdeploy.it.Server

def web = context.get('web')
try {
    def served = { web.nginx().get('/index.php').body() }
    def json = { new JsonSlurper().parse(new File(basedir, 'target/php-deploy/result.json')) }
    def maven = new Build(basedir, mavenHome as File, localRepositoryPath).with(web.properties())
        .with(['php.healthUrl': web.nginx().url() + '/index.php'])

    def log = new File(basedir, 'build.log').text
    assert log.contains('No syntax errors detected in public/index.php')
    assert log =~ /healthy after \d+ attempt/
    assert served() == 'one GREETING=hello'
    def first = json()
    assert first.action == 'deploy' && first.outcome == 'success'
    assert first.hosts[0].filesSent == 2 && first.hosts[0].filesTotal == 2
    assert first.hosts[0].phases.keySet() as List == ['connect', 'lock', 'inspect', 'upload', 'prepare', 'activate',
        'reload', 'verify', 'retire']

    maven.write('app/src/version.php', "<?php\nfunction version(): string { return 'two'; }\n")
    maven.write('app/src/new file.php', '<?php')
    maven.run('php:deploy').succeeded()
    assert served() == 'two GREETING=hello'
    def second = json()
    assert second.hosts[0].filesSent == 2 && second.hosts[0].filesReused == 1
    assert second.hosts[0].previous == first.release && second.hosts[0].current == second.release
    assert web.site().resolve('shared/storage/visits').toFile().length() >= 4

    maven.run('php:rollback').succeeded()
    assert served() == 'one GREETING=hello'
    assert web.current() == first.release
    assert json().action == 'rollback'

    def table = maven.run('php:releases').succeeded().log()
    assert table =~ /->\s+${first.release}\s+good/
    assert table =~ /${second.release}\s+bad/
    def history = maven.run('php:history').succeeded().log()
    assert history.indexOf('rollback') < history.lastIndexOf('deploy ')
    assert maven.run('php:unlock').succeeded().log().contains('not locked')

    def workers = web.fpm().workers()
    // storage is open to all by its mode, and has no ACL; as another account than root's, php-fpm runs as who deploys
    def doctor = Server.isRoot() ? 'shared/storage has no default ACL for www-data' : 'nothing was found'
    assert maven.run('php:doctor').succeeded().log().contains(doctor)
    def line = maven.run('php:doctor', '-Dphp.format=json').succeeded().log().readLines().find { it.startsWith('[INFO] [{') }
    def host = new JsonSlurper().parseText(line.substring(7))[0]
    assert host.name == web.sshd().address()
    assert host.findings.every { !it.harmful && it.what && it.cost && it.fix }
    assert host.findings.size() == (Server.isRoot() ? 1 : 0)
    assert maven.run('php:reload').succeeded().log() =~ /4 old php-fpm workers gone, [1-4] new ones up/
    assert workers.disjoint(web.fpm().workers())
} finally {
    web.close()
}
return true
