import io.github.phpdeploy.it.WebHost

def web = WebHost.start(new File(basedir, 'target/host').toPath())
context.put('web', web)
def properties = new Properties()
properties.putAll(web.properties())
new File(basedir, 'test.properties').withOutputStream { properties.store(it, null) }
return true
