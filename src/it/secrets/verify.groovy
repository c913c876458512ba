import io.github.phpdeploy.it.Build
import io.github.phpdeploy.it.Server
import io.github.phpdeploy.it.Sshd

def folder = new File(basedir, 'target/host').toPath()
def builder = Sshd.in(folder.resolve('sshd')).option('PasswordAuthentication yes')
if (Server.isRoot()) {
    builder.account('planted', 2101, 'planted-encrypted-password', '/bin/sh')
}
def sshd = builder.start()
try {
    def site = folder.resolve('srv').toFile()
    site.mkdirs()
    site.setWritable(true, false)
    def key = folder.resolve('locked_key').toString()
    Server.run('ssh-keygen', '-q', '-t', 'ed25519', '-N', 'planted-passphrase', '-f', key)
    sshd.authorize(new File(key + '.pub').text)
    def maven = new Build(basedir, mavenHome as File, localRepositoryPath).with([
        'php.hosts': sshd.address(), 'php.deployPath': new File(site, 'shop').path,
        'php.knownHostsFile': sshd.knownHosts().toString(), 'settings.security': new File(basedir, 'settings-security.xml').path])

    def run = { String... arguments -> maven.run(['-gs', new File(basedir, 'settings.xml').path, *arguments] as String[]) }

    def keepsSecrets = { build ->
        def places = [log: build.log(), result: maven.result()]
        ['processes', 'shop/processes'].collect { new File(site, it) }.findAll { it.exists() }.each { places[it.name] = it.text }
        places.each { place, text ->
            ['planted-passphrase', 'planted-encrypted-password', 'planted-server-password', 'planted-token',
                'NqfederyZGoH4pr2ykLG', 'gywbjhX'].each { secret ->
                assert !text.contains(secret): "$secret is in the $place"
            }
        }
        return build
    }
    def unlocked = keepsSecrets(run('php:deploy', '-X', '-Dphp.identityFile=' + key, '-Dphp.serverId=key').succeeded())
    assert unlocked.log().contains('[DEBUG]')
    assert new File(site, 'shop/processes').text.contains('sh -c')
    assert new File(site, 'shop/env').text == 'TOKEN=planted-token\n'
    assert new File(site, 'shop/shared/.env').text == 'TOKEN=planted-token\n'

    keepsSecrets(run('php:deploy', '-X', '-e', '-Dphp.identityFile=' + key, '-Dphp.serverId=plain'))
        .with { assert it.exitCode() != 0 && it.log().contains('passphrase') }
    keepsSecrets(run('php:releases', '-X', '-e', '-Dphp.identityFile=' + key, '-Dphp.serverId=plain'))
        .with { assert it.exitCode() != 0 }

    if (Server.isRoot()) {
        // another account's directory, another site
        keepsSecrets(run('php:deploy', '-X', '-Dphp.hosts=127.0.0.1:' + sshd.port(), '-Dphp.serverId=password',
            '-Dphp.deployPath=' + new File(site, 'other').path).succeeded())
        assert Server.run('stat', '-c', '%u', new File(site, 'other').path).strip() == '2101'
    }
    // a password that opens nothing
    keepsSecrets(run('php:deploy', '-X', '-e', '-Dphp.identityFile=' + sshd.knownHosts(), '-Dphp.serverId=plain'))
        .with { assert it.exitCode() != 0 }
    def quiet = run('php:deploy', '-q', '-Dphp.identityFile=' + key, '-Dphp.serverId=key').succeeded().log()
    assert quiet.readLines().findAll { !it.contains('\u001b') && !it.contains('WARNING') }.join('').isBlank()
} finally {
    sshd.close()
}
return true
