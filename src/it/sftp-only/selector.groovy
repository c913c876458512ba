// only root can shut an account into a directory
return io.github.phpdeploy.it.Server.isRoot()
