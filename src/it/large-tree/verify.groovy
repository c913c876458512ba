import groovy.json.JsonSlurper
import io.github.phpdeploy.bench.SampleTree
import io.github.phpdeploy.it.Build
import io.github.phpdeploy.it.Server

def web = context.get('web')
try {
    def result = { new JsonSlurper().parse(new File(basedir, 'target/php-deploy/result.json')).hosts[0] }
    assert result().filesTotal == 60_000 && result().filesSent == 60_000

    def app = new File(basedir, 'app').toPath()
    def changed = SampleTree.change(app, 60_000, 0.01d)
    def maven = new Build(basedir, mavenHome as File, localRepositoryPath).with(web.properties())
            .environment('MAVEN_OPTS', '-Xmx256m')
    // with what the last build left, and as a fresh checkout
    maven.run('php:deploy', '-Dphp.runtime=none').succeeded()
    assert result().filesSent == changed.size() && result().filesReused == 60_000 - changed.size()
    new File(basedir, 'target/php-deploy').deleteDir()
    SampleTree.checkout(app)
    maven.run('php:deploy', '-Dphp.runtime=none').succeeded()
    assert result().filesSent == 0 && result().filesReused == 60_000

    Server.run('diff', '-r', app.toString(), web.site().resolve('current/').toString())
    Server.await('the host to be done', {
        !web.site().resolve('.php-deploy/staging').toFile().list().any { it.startsWith('settle.') }
    })
} finally {
    web.close()
}
return true
