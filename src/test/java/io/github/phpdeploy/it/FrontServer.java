package io.github.phpdeploy.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Another web server than nginx in front of a php-fpm pool. */
public final class FrontServer extends Server {

    private final int port;

    private FrontServer(List<String> command, Path folder, int port) {
        super(
                command,
                Map.of("HOME", folder.toString(), "XDG_CONFIG_HOME", folder.toString()),
                folder.resolve("out"),
                () -> listens(port));
        this.port = port;
    }

    /** Its port on 127.0.0.1. */
    public int port() {
        return port;
    }

    private static void make(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Apache with mod_proxy_fcgi, which passes paths as they are.
     *
     * @param folder where its files lie
     * @param root the document root, such as .../current/public
     * @param socket the pool's socket
     */
    public static FrontServer apache(Path folder, Path root, Path socket) {
        make(folder);
        int port = freePort();
        StringBuilder config = new StringBuilder();
        for (String module : List.of("mpm_event", "authz_core", "dir", "proxy", "proxy_fcgi")) {
            config.append("LoadModule " + module + "_module /usr/lib/apache2/modules/mod_" + module + ".so\n");
        }
        config.append("ServerName localhost\nListen 127.0.0.1:" + port + "\nPidFile " + folder.resolve("pid")
                + "\nErrorLog " + folder.resolve("error.log") + "\nDefaultRuntimeDir " + folder + "\n"
                + (isRoot() ? "User www-data\nGroup www-data\n" : "") + "DocumentRoot " + root
                + "\n<Directory />\n  Require all granted\n</Directory>\n<FilesMatch \\.php$>\n  SetHandler \"proxy:unix:"
                + socket + "|fcgi://localhost\"\n</FilesMatch>\n");
        Path file = write(folder.resolve("apache.conf"), config.toString());
        return new FrontServer(
                List.of("/usr/sbin/apache2", "-DFOREGROUND", "-d", folder.toString(), "-f", file.toString()),
                folder,
                port);
    }

    /**
     * Caddy.
     *
     * @param folder where its files lie
     * @param root the document root, such as .../current/public
     * @param socket the pool's socket
     * @param resolves whether it is to pass resolved paths
     */
    public static FrontServer caddy(Path folder, Path root, Path socket, boolean resolves) {
        make(folder);
        int port = freePort();
        Path file = write(
                folder.resolve("Caddyfile"),
                "{\n  admin off\n  auto_https off\n  storage file_system " + folder + "\n}\nhttp://127.0.0.1:" + port
                        + ", http://localhost:" + port + " {\n  root * " + root + "\n  php_fastcgi unix/" + socket
                        + (resolves ? " {\n    resolve_root_symlink\n  }" : "") + "\n}\n");
        return new FrontServer(
                List.of("/usr/bin/caddy", "run", "--adapter", "caddyfile", "--config", file.toString()), folder, port);
    }
}
