import io.github.phpdeploy.it.Nginx
import io.github.phpdeploy.it.Server

def folder = basedir.toPath().resolve('target/host')
def port = Server.freePort()
folder.resolve('sites').toFile().mkdirs()
def nginx = Nginx.start(folder.resolve('nginx'), port, '  include ' + folder + '/sites/*;\n  server { listen 127.0.0.1:' + port + ' default_server; return 404; }\n')
context.put('nginx', nginx)
new File(basedir, 'app/prefork-server.php').text = new File('src/test/resources/prefork-server.php').text
def properties = new Properties()
properties['php.replace.ports'] = Server.freePort() + ',' + Server.freePort()
properties['php.replace.upstreamPidFile'] = folder.resolve('nginx/nginx.pid').toString()
new File(basedir, 'test.properties').withOutputStream { properties.store(it, null) }
context.put('given', properties)
return true
