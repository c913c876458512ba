import io.github.phpdeploy.it.WebHost

def web = WebHost.start(new File(basedir, 'target/host').toPath())
context.put('web', web)
def properties = new Properties()
properties.putAll(web.properties())
properties['php.healthUrl'] = web.nginx().url() + '/index.php'
new File(basedir, 'test.properties').withOutputStream { properties.store(it, null) }
return true
