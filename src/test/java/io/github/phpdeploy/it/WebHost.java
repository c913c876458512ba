package io.github.phpdeploy.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A whole host: sshd to deploy through, php-fpm and nginx to serve what was deployed. */
public final class WebHost implements AutoCloseable {

    private final Path site;
    private final Sshd sshd;
    private final Fpm fpm;
    private final Nginx nginx;

    private WebHost(Path site, Sshd sshd, Fpm fpm, Nginx nginx) {
        this.site = site;
        this.sshd = sshd;
        this.fpm = fpm;
        this.nginx = nginx;
    }

    /**
     * Starts a host that serves {@code current/public} with {@code $realpath_root}.
     *
     * @param folder where everything lies; readable by the servers' accounts
     */
    public static WebHost start(Path folder) {
        return start(folder, "public", "$realpath_root");
    }

    /**
     * Starts a host.
     *
     * @param folder where everything lies; readable by the servers' accounts
     * @param webRoot the document root in the application; empty for its root
     * @param scriptRoot {@code $realpath_root} or {@code $document_root}
     */
    public static WebHost start(Path folder, String webRoot, String scriptRoot) {
        return start(folder, webRoot, scriptRoot, fpm -> fpm.global("process_control_timeout = 10s"));
    }

    /**
     * Starts a host.
     *
     * @param folder where everything lies; readable by the servers' accounts
     * @param webRoot the document root in the application; empty for its root
     * @param scriptRoot {@code $realpath_root} or {@code $document_root}
     * @param how what php-fpm is to be like
     */
    public static WebHost start(Path folder, String webRoot, String scriptRoot, Consumer<Fpm.Builder> how) {
        Path absolute = folder.toAbsolutePath();
        try {
            Files.createDirectories(absolute);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        letOthersIn(absolute);
        List<AutoCloseable> started = new ArrayList<>();
        try {
            Path site = absolute.resolve("srv/shop");
            Sshd sshd = Sshd.in(absolute.resolve("sshd")).start();
            started.add(sshd);
            Fpm.Builder builder = Fpm.in(absolute.resolve("fpm"));
            how.accept(builder);
            Fpm fpm = builder.start();
            started.add(fpm);
            Nginx nginx = Nginx.start(
                    absolute.resolve("nginx"), site.resolve("current").resolve(webRoot), fpm.socket(), scriptRoot);
            return new WebHost(site, sshd, fpm, nginx);
        } catch (RuntimeException e) {
            started.forEach(WebHost::closeQuietly);
            throw e;
        }
    }

    /** A test's folder may be private, but nginx and php-fpm run as another account when they are started as root. */
    private static void letOthersIn(Path folder) {
        if (Server.isRoot()) {
            for (Path at = folder;
                    at != null && !at.equals(Path.of("/")) && !at.equals(Path.of("/tmp"));
                    at = at.getParent()) {
                Server.run("chmod", "a+x", at.toString());
            }
        }
    }

    /** The deploy path. */
    public Path site() {
        return site;
    }

    /** Its sshd. */
    public Sshd sshd() {
        return sshd;
    }

    /** Its php-fpm. */
    public Fpm fpm() {
        return fpm;
    }

    /** Its nginx. */
    public Nginx nginx() {
        return nginx;
    }

    /** The user properties with which Maven deploys to it. */
    public Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("php.hosts", sshd.address());
        properties.put("php.deployPath", site.toString());
        properties.put("php.identityFile", sshd.userKey().toString());
        properties.put("php.knownHostsFile", sshd.knownHosts().toString());
        properties.put("php.runtime", "fpm");
        properties.put("php.fpm.pidFile", fpm.pidFile().toString());
        return properties;
    }

    /** What {@code current} points to, without {@code releases/}; empty when there is none. */
    public String current() {
        Path link = site.resolve("current");
        try {
            return Files.isSymbolicLink(link)
                    ? Files.readSymbolicLink(link).getFileName().toString()
                    : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void closeQuietly(AutoCloseable server) {
        try {
            server.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        List.of(nginx, fpm, sshd).forEach(WebHost::closeQuietly);
    }
}
