import groovy.json.JsonSlurper
import io.github.phpdeploy.it.Build
import io.github.phpdeploy.it.Server
import io.github.phpdeploy.it.Sshd
import java.nio.file.Files

def web = context.get('web')
def tmpfs = new File(basedir, 'target/tiny')
try {
    def good = web.current()
    def app = new File(basedir, 'app')
    def build = { Map changes ->
        def properties = new LinkedHashMap(web.properties())
        changes.each { name, value -> value == null ? properties.remove(name) : properties.put(name, value) }
        new Build(basedir, mavenHome as File, localRepositoryPath).with(properties)
    }
    def refused = { Map changes, String... words ->
        def ended = build(changes).run('php:deploy').failedWith(words)
        // one paragraph: Maven's own sentence and ours, once
        def error = ended.log().readLines().find { it.startsWith('[ERROR] Failed to execute goal') }
        assert error.count(words[0]) == 1 || words[0] != error
        assert new JsonSlurper().parse(new File(basedir, 'target/php-deploy/result.json')).outcome == 'failed'
        assert web.current() == good
        assert web.site().resolve('releases').toFile().list() as List == [good]
    }
    def user = web.sshd().address().replaceAll('@.*', '')

    // hosts
    def nobody = new File(basedir, 'target/known_nobody')
    refused('php.knownHostsFile': nobody.path, 'is not known: it showed the ssh-ed25519 key SHA256:', 'add this line to')
    Server.run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', new File(basedir, 'target/stranger').path)
    refused('php.identityFile': new File(basedir, 'target/stranger').path, 'did not let ' + user + ' in')
    def closed = Server.freePort()
    refused('php.hosts': user + '@127.0.0.1:' + closed, 'refused the connection to port ' + closed)
    refused('php.hosts': 'me@no-such-host.invalid', 'the host name no-such-host.invalid does not resolve')
    refused('php.hosts': 'me@web 1', '"me@web 1" is no host address')
    refused('php.serverId': 'none', 'settings.xml has no <server> with the id "none"')

    // the deploy path
    refused('php.deployPath': 'srv/shop', 'the deploy path "srv/shop"', 'is not absolute')
    refused('php.deployPath': null, 'there is no deploy path for')
    def file = new File(basedir, 'target/a-file')
    file.text = ''
    refused('php.deployPath': file.path + '/shop', 'cannot be used', 'Not a directory', 'correct php.deployPath')
    def real = new File(basedir, 'target/real')
    new File(real, 'current').mkdirs()
    new File(real, 'current/index.php').text = 'precious'
    refused('php.deployPath': real.path, 'current on', 'is not a symbolic link', 'it is never replaced by itself')
    assert new File(real, 'current/index.php').text == 'precious' && real.list() as List == ['current']

    // what only shows where the account is not root
    if (Server.root) {
        def other = Sshd.in(new File(basedir, 'target/other').toPath()).account('alice', 2001, '', '/bin/sh').start()
        try {
            def closedPath = new File(basedir, 'target/closed')
            closedPath.mkdirs()
            Server.run('chmod', '755', closedPath.path)
            refused('php.hosts': 'alice@127.0.0.1:' + other.port(), 'php.knownHostsFile': other.knownHosts().toString(),
                'php.identityFile': other.userKey().toString(), 'php.deployPath': closedPath.path + '/shop',
                'php.runtime': 'none', 'cannot be used', 'Permission denied', 'sudo ')
            assert closedPath.list().length == 0
        } finally {
            other.close()
        }
        tmpfs.mkdirs()
        Server.run('mount', '-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', tmpfs.path)
        def random = new byte[1 << 20]
        new Random(1).nextBytes(random)
        new File(app, 'big').bytes = random
        refused('php.deployPath': tmpfs.path + '/shop', 'there is no room on', 'KiB', '-Dphp.keepReleases')
        assert !new File(tmpfs, 'shop/releases').exists()
        assert new File(app, 'big').delete()

        // inodes run out too; and what an upload left that was cut off does not stand in the way of the next
        Server.run('mount', '-o', 'remount,size=10m,nr_inodes=80', tmpfs.path)
        new File(app, 'many').mkdirs()
        90.times { new File(app, 'many/' + it).text = it }
        refused('php.deployPath': tmpfs.path + '/s', 'there is no room on', 'inodes', '-Dphp.keepReleases')
        assert new File(app, 'many').deleteDir()
        def left = new File(tmpfs, 's/.php-deploy/staging/20260101000000')
        assert left.mkdirs()
        Server.run('sh', '-c', "cd $left; i=0; while true >\$i; do i=\$((i + 1)); done 2>/dev/null; true")
        assert build('php.deployPath': tmpfs.path + '/s', 'php.runtime': 'none').run('php:deploy').succeeded().log()
            .contains('found the remains of a deploy that was cut off')
        assert !left.exists()
    }

    // the release's name
    ['a/b', '..', 'a b', 'a;b', '$(id)'].each {
        refused('php.release': it, 'cannot be the name of a release', 'php.release')
    }

    // the application
    def index = new File(app, 'index.php')
    def text = index.text
    assert index.delete()
    refused([:], 'is empty: no file belongs to it')
    index.text = text
    def link = new File(app, 'link').toPath()
    Files.createSymbolicLink(link, new File('missing').toPath())
    refused([:], 'the symbolic link link points to missing, which does not exist')
    Files.delete(link)
    Files.createSymbolicLink(link, new File('link').toPath())
    refused([:], 'the symbolic link link points to link, which leads back to itself')
    Files.delete(link)
    Files.createSymbolicLink(link, new File('../outside').toPath())
    refused([:], 'the symbolic link link points to ../outside, outside the application')
    Files.delete(link)

    // the rest
    refused('php.runtime': 'hhvm', 'there is no runtime "hhvm"')
    refused('php.healthUrl': 'nonsense', 'the health URL "nonsense" is no http or https address')
    refused('php.keepReleases': '0', 'php.keepReleases is 0')
    refused('php.lockWait': '-1', 'php.lockWait is -1')
    refused('php.healthUrl': 'http://127.0.0.1:99999/', 'is no http or https address')
    build('php.sourceDirectory': null).run('-o', 'php:deploy').failedWith('Maven is offline (-o)')

    // a stack trace on demand
    assert build('php.release': '..').run('-e', 'php:deploy').log().contains('PhpDeployException')

    // and then all is well
    build([:]).run('php:deploy').succeeded()
} finally {
    if (Server.root && tmpfs.exists()) {
        ['umount', tmpfs.path].execute().waitFor()
    }
    web.close()
}
return true
