import io.github.phpdeploy.it.WebHost

def web = WebHost.start(new File(basedir, 'target/host').toPath())
context.put('web', web)
// php-fpm runs as another account and must read the shared file
def properties = new Properties()
properties.putAll(web.properties())
properties['php.healthUrl'] = web.nginx().url() + '/index.php'
new File(basedir, 'test.properties').withOutputStream { properties.store(it, null) }
// the shared file is made by hand, as an operator would, so that php-fpm's account may read it
def env = web.site().resolve('shared/.env').toFile()
env.parentFile.mkdirs()
env.text = 'GREETING=hello\n'
env.setReadable(true, false)
return true
