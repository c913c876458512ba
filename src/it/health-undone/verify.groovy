import groovy.json.JsonSlurper
import io.github.phpdeploy.it.Build

def web = context.get('web')
try {
    def maven = new Build(basedir, mavenHome as File, localRepositoryPath).with(web.properties())
        .with(['php.healthUrl': web.nginx().url() + '/index.php', 'php.healthTimeout': '2'])
    assert web.nginx().get('/index.php').body() == 'fine'
    def good = web.current()

    maven.write('app/public/index.php', "<?php http_response_code(503); echo 'database is gone';")
    maven.run('php:deploy').failedWith(
        'is not healthy',
        'status 503 instead of 200 (database is gone)',
        'it was undone: ' + good + ' is current again')
    assert web.nginx().get('/index.php').body() == 'fine'
    assert web.current() == good
    def result = new JsonSlurper().parse(new File(basedir, 'target/php-deploy/result.json'))
    assert result.outcome == 'rolled-back' && result.hosts[0].outcome == 'rolled-back'
    assert result.hosts[0].current == good
    assert maven.run('php:releases').succeeded().log() =~ /${result.release}\s+failed/

    maven.write('app/public/index.php', "<?php throw new Exception('no');")
    maven.run('php:deploy').failedWith('is not healthy', 'status 500 instead of 200')
    assert web.nginx().get('/index.php').body() == 'fine'

    maven.write('app/public/index.php', '<?php syntax error')
    maven.run('php:deploy').failedWith('does not compile in the pool www', 'nothing was switched: ' + good + ' is still current')
    assert web.nginx().get('/index.php').body() == 'fine'

    maven.write('app/public/index.php', "<?php echo 'better';")
    maven.run('php:deploy').succeeded()
    assert web.nginx().get('/index.php').body() == 'better'
} finally {
    web.close()
}
return true
