import io.github.phpdeploy.it.Build
import io.github.phpdeploy.it.Server

def maven = new Build(basedir, mavenHome as File, localRepositoryPath)
    .environment('LC_ALL', 'C').environment('LANG', 'C').environment('MAVEN_OPTS', '')
maven.run('deploy').succeeded()
def site = new File(basedir, 'target/php-site')
assert Server.run('sh', '-c', "cd '${site}/current/' && find . -name '*.php' | sort").readLines() ==
    ['./index.php', './ümlaut/漢字 😀.php']
assert Server.run('sh', '-c', "tar tzf '${basedir}/target/plain-locale-1.0.tar.gz' --quoting-style=literal").contains('ümlaut/漢字 😀.php')
assert maven.run('php:deploy').succeeded().log().contains('0 files sent, 2 reused of 2')
return true
