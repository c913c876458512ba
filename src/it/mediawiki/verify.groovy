import groovy.json.JsonSlurper
import io.github.phpdeploy.it.Build
import io.github.phpdeploy.it.Server
import io.github.phpdeploy.it.WebHost

def app = new File(basedir, 'app')
def tree = new File(basedir, '../../mediawiki/usr/share/mediawiki')
Server.run('cp', '-a', tree.path, app.path)
// Debian points these out of the application, to where the machine's own wiki would be
['extensions', 'config', 'images', 'LocalSettings.php', 'mw-config'].each { Server.run('rm', '-rf', app.path + '/' + it) }

def web = WebHost.start(new File(basedir, 'target/host').toPath(), '', '$realpath_root')
try {
    def json = { new JsonSlurper().parse(new File(basedir, 'target/php-deploy/result.json')) }
    def maven = new Build(basedir, mavenHome as File, localRepositoryPath).with(web.properties())
        .with(['php.healthUrl': web.nginx().url() + '/index.php?title=Main_Page'])
        // a stream of this size is worth compiling for
        .environment('MAVEN_OPTS', '')
    maven.run('php:deploy').failedWith('the shared file LocalSettings.php is missing on')

    // as an operator would: the database and its settings are made once, on the host
    def data = new File(basedir, 'target/host/data')
    data.mkdirs()
    Server.run('php', app.path + '/maintenance/install.php', '--dbtype=sqlite', '--dbpath=' + data, '--scriptpath=',
        '--server=' + web.nginx().url(), '--pass=correct-horse-battery', 'Wiki', 'Admin')
    def shared = web.site().resolve('shared').toFile()
    shared.mkdirs()
    assert new File(app, 'LocalSettings.php').renameTo(new File(shared, 'LocalSettings.php'))
    new File(shared, 'LocalSettings.php').append('$wgCacheDirectory = "$IP/cache";')
    Server.run('chmod', '-R', 'a+rwX', data.path, shared.path)

    def log = maven.run('php:deploy').succeeded().log()
    assert log =~ /healthy after \d+ attempt/
    def page = { web.nginx().get('/index.php?title=Main_Page').body() }
    def version = (page() =~ /content="MediaWiki ([0-9.]+)"/)[0][1]
    def first = json()
    assert first.hosts[0].filesTotal > 10000

    def defines = new File(app, 'includes/Defines.php')
    defines.text = defines.text.replace("'" + version + "'", "'" + version + "-patched'")
    maven.run('php:deploy').succeeded()
    assert page().contains('content="MediaWiki ' + version + '-patched"')
    assert json().hosts[0].filesSent == 1
    assert json().hosts[0].filesReused == first.hosts[0].filesTotal - 1

    maven.run('php:rollback').succeeded()
    assert page().contains('content="MediaWiki ' + version + '"')
    assert web.current() == first.release
} finally {
    web.close()
}
return true
