package io.github.phpdeploy.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Apache that executes PHP in its own children: MPM prefork with mod_php. */
public final class ModPhp extends Server {

    private final Path folder;
    private final int port;

    private ModPhp(Path folder, int port, Path config) {
        super(
                List.of("/usr/sbin/apache2", "-DFOREGROUND", "-d", folder.toString(), "-f", config.toString()),
                Map.of(),
                folder.resolve("out"),
                () -> Files.exists(folder.resolve("httpd.pid")) && listens(port));
        this.folder = folder;
        this.port = port;
    }

    /** How it is to be. */
    public static final class Builder {

        private final Path folder;
        private final List<String> ini = new ArrayList<>();
        private final List<String> more = new ArrayList<>();
        private String children = "StartServers 6\nMinSpareServers 2\nMaxSpareServers 10\nMaxRequestWorkers 16";

        private Builder(Path folder) {
            this.folder = folder;
        }

        /** A line of php.ini. */
        public Builder ini(String line) {
            ini.add(line);
            return this;
        }

        /** A line of Apache's configuration, behind all others. */
        public Builder with(String line) {
            more.add(line);
            return this;
        }

        /** How many children it has. */
        public Builder children(int count) {
            children = "StartServers " + count + "\nMinSpareServers " + count + "\nMaxSpareServers " + count
                    + "\nMaxRequestWorkers " + count;
            return this;
        }

        /**
         * Starts it.
         *
         * @param root the document root, such as .../current/public
         */
        public ModPhp start(Path root) {
            int port = freePort();
            StringBuilder config = new StringBuilder();
            for (String module : List.of("mpm_prefork", "authz_core", "dir", "env")) {
                config.append("LoadModule " + module + "_module /usr/lib/apache2/modules/mod_" + module + ".so\n");
            }
            config.append("LoadModule php_module " + module() + "\nServerName localhost\nListen 127.0.0.1:" + port
                    + "\nPidFile " + folder.resolve("httpd.pid") + "\nErrorLog " + folder.resolve("error.log")
                    + "\nDefaultRuntimeDir " + folder + "\n" + (isRoot() ? "User www-data\nGroup www-data\n" : "")
                    + children + "\nPHPIniDir " + folder.resolve("ini") + "\nDocumentRoot " + root
                    + "\n<Directory />\n  Require all granted\n  AllowOverride None\n</Directory>\n"
                    + "<FilesMatch \\.php$>\n  SetHandler application/x-httpd-php\n</FilesMatch>\n"
                    + String.join("\n", more) + "\n");
            write(folder.resolve("ini/php.ini"), "display_errors = 0\n" + String.join("\n", ini) + "\n");
            delete(folder.resolve("httpd.pid"));
            return new ModPhp(folder, port, write(folder.resolve("httpd.conf"), config.toString()));
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One whose files lie in a folder. */
    public static Builder in(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Builder(folder);
    }

    private static Path module() {
        try (Stream<Path> modules = Files.list(Path.of("/usr/lib/apache2/modules"))) {
            return modules.filter(file -> file.getFileName().toString().matches("libphp[0-9.]+\\.so"))
                    .max(Path::compareTo)
                    .orElseThrow(() -> new IllegalStateException("no mod_php in /usr/lib/apache2/modules"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its port on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** The master's pid file. */
    public Path pidFile() {
        return folder.resolve("httpd.pid");
    }

    /** Its configuration, to be changed by a test. */
    public Path config() {
        return folder.resolve("httpd.conf");
    }
}
