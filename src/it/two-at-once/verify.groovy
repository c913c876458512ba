import io.github.phpdeploy.it.Build
import io.github.phpdeploy.it.Server

def web = context.get('web')
try {
    def build = { new Build(basedir, mavenHome as File, localRepositoryPath).with(web.properties()) }
    def first = web.current()
    def holding = new File(basedir, 'holding')
    // the hook holds the first deploy in the middle until the test lets it go
    def slow = build().environment('CI_JOB_URL', 'https://ci.example.com/jobs/42')
        .environment('GITLAB_USER_LOGIN', 'alice')
        .start('php:deploy', '-Dphp.runtime=command',
            "-Dphp.command.reload=touch '${holding}'; while [ -e '${holding}' ]; do sleep 0.1; done")
    Server.await('the first deploy to hold the lock', { holding.exists() })
    assert web.current() != first

    build().run('php:deploy').failedWith(
        'is locked by alice on', 'https://ci.example.com/jobs/42', 'deploy since 20', '-Dphp.lockWait=SECONDS',
        'php:unlock')
    assert build().run('php:unlock').succeeded().log().contains('locked by alice on')

    def patient = build().start('php:deploy', '-Dphp.lockWait=60')
    Server.await('the other deploy to wait', { patient.said().contains('waiting for the lock of alice') })
    assert patient.process().alive
    holding.delete()
    slow.end().succeeded()
    patient.end().succeeded()
    def deploys = web.site().resolve('.php-deploy/journal.jsonl').toFile().readLines()
    assert deploys.size() == 3 && deploys.every { it.contains('"outcome":"success"') }

    // a broken lock stops the deploy that had it, before it changes anything more
    def broken = build().start('php:deploy', '-Dphp.runtime=command',
        "-Dphp.command.reload=touch '${holding}'; while [ -e '${holding}' ]; do sleep 0.1; done")
    Server.await('the deploy to hold the lock', { holding.exists() })
    assert build().run('php:unlock', '-Dphp.force').succeeded().log().contains('broke the lock of')
    assert build().run('php:unlock').succeeded().log().contains('not locked')
    holding.delete()
    broken.end()
} finally {
    web.close()
}
return true
