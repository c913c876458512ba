import io.github.phpdeploy.it.SftpOnly

def web = SftpOnly.start('internal-sftp')
context.put('web', web)
def properties = new Properties()
properties.putAll(web.properties())
new File(basedir, 'test.properties').withOutputStream { properties.store(it, null) }
return true
