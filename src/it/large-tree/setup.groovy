import io.github.phpdeploy.bench.SampleTree
import io.github.phpdeploy.it.WebHost

SampleTree.make(new File(basedir, 'app').toPath(), 60_000)
def web = WebHost.start(new File(basedir, 'target/host').toPath())
context.put('web', web)
def properties = new Properties()
properties.putAll(web.properties())
properties['php.runtime'] = 'none'
new File(basedir, 'test.properties').withOutputStream { properties.store(it, null) }
return true
