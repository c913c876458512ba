import groovy.json.JsonSlurper
import io.github.phpdeploy.it.Build
import io.github.phpdeploy.it.Server

def nginx = context.get('nginx')
def folder = new File(basedir, 'target/host')
def site = new File(basedir, 'target/php-site')
def masters = {
    new File('/proc').listFiles().findAll { process ->
        process.name.isNumber() && new File(process, 'cmdline').with { it.canRead() && it.text.contains(site.path) && it.text.contains('prefork-server.php') }
    }.collect { it.name as long }
}
try {
    // the site is enabled when the first deploy has written what nginx includes
    new File(folder, 'sites/shop').text = new File('src/site/resources/replace/nginx-server.conf').text
        .replace('/srv/shop', site.path)
        .replace('listen 80;', 'listen 127.0.0.1:' + nginx.port() + ';')
        .replace('shop.example.com', '127.0.0.1')
    Server.run('kill', '-HUP', new File(folder, 'nginx/nginx.pid').text.trim())
    Server.await('nginx to serve the site') { nginx.get('/').status() == 200 }
    def first = new File(site, 'current').canonicalFile.name
    assert nginx.get('/').body() == 'release ' + first + ' version 1'

    def maven = new Build(basedir, mavenHome as File, localRepositoryPath).with(context.get('given') as Map)
    def entry = new File(basedir, 'app/entry.php').text
    maven.write('app/entry.php', entry.replace('version 1', 'version 2'))
    maven.run('php:deploy', '-Dphp.dryRun').succeeded()
    assert nginx.get('/').body().endsWith('version 1')
    maven.run('php:deploy').succeeded()
    def second = new File(site, 'current').canonicalFile.name
    assert nginx.get('/').body() == 'release ' + second + ' version 2'
    def facts = new JsonSlurper().parse(new File(basedir, 'target/php-deploy/result.json')).hosts[0].runtime
    assert facts.way.startsWith('start a new master at green')
    assert facts.oldMaster.contains('of release ' + first + ' was stopped')

    assert maven.run('php:reload').succeeded().log().contains('the proxy leads to the new master at blue')
    assert nginx.get('/').body() == 'release ' + second + ' version 2'
    assert maven.run('php:doctor').succeeded().log().contains('nothing was found')
    maven.run('php:rollback').succeeded()
    assert nginx.get('/').body() == 'release ' + first + ' version 1'

    maven.write('app/entry.php', '<?php syntax error')
    maven.run('php:deploy', '-Dphp.reloadTimeout=6').failedWith('the new master did not start', 'syntax error', 'nothing was switched: ' + first + ' is still current')
    maven.run('php:deploy', '-Dphp.replace.ports=1').failedWith('there must be two ports or sockets', 'nothing was changed')
    assert nginx.get('/').body() == 'release ' + first + ' version 1'
    assert masters().size() == 3
} finally {
    masters().each { pid -> ProcessHandle.of(pid).ifPresent { it.destroyForcibly() } }
    nginx.close()
}
return true
