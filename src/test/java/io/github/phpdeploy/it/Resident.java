package io.github.phpdeploy.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A resident PHP server that serves the tests' application. The real Swoole runs where {@code php.it.swoole} is the path of its
 * {@code swoole.so}, the real Workerman where {@code php.it.workerman} is the path of its source (with workerman/coroutine beside
 * it, as {@code coroutine}); otherwise a stand-in of our own with the same processes and signals.
 */
public final class Resident extends Server {

    static final Path SOURCES =
            Path.of("src/test/resources/io/github/phpdeploy/it/resident").toAbsolutePath();

    private final Path folder;
    private final int port;

    /** Kinds of servers. */
    public enum Kind {
        SWOOLE,
        WORKERMAN;

        /** Where the real one is; empty for the stand-in. */
        public Optional<String> real() {
            return Optional.ofNullable(System.getProperty("php.it." + name().toLowerCase(Locale.ROOT)))
                    .filter(path -> !path.isBlank());
        }

        /** What runs, for humans. */
        public String words() {
            return name().toLowerCase(Locale.ROOT) + (real().isPresent() ? "" : " (stand-in)");
        }

        /** The application's start file. */
        public Path startFile() {
            return SOURCES.resolve(name().toLowerCase(Locale.ROOT) + "-server.php");
        }
    }

    Resident(Path folder, int port, List<String> command, Map<String, String> environment, BooleanSupplier isReady) {
        super(command, environment, folder.resolve("resident.out"), () -> isReady.getAsBoolean() && listens(port));
        this.folder = folder;
        this.port = port;
    }

    /** How a server is to be. */
    public static final class Builder {

        private final Kind kind;
        private final Path folder;
        private final Map<String, String> environment = new LinkedHashMap<>();
        private final List<String> options = new ArrayList<>();

        private Builder(Kind kind, Path folder) {
            this.kind = kind;
            this.folder = folder;
        }

        /** What the start file is to know. */
        public Builder with(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /** A setting of php.ini. */
        public Builder ini(String setting) {
            options.add("-d");
            options.add(setting);
            return this;
        }

        /**
         * Starts it.
         *
         * @param startFile what php runs
         * @param current where the application's code is found
         */
        public Resident start(Path startFile, Path current) {
            int port = Integer.parseInt(environment.computeIfAbsent("PORT", name -> Integer.toString(freePort())));
            environment.putIfAbsent("BOOT", "realpath");
            environment.putIfAbsent("MODE", "SWOOLE_PROCESS");
            environment.putIfAbsent("MAX_WAIT_TIME", "10");
            environment.putIfAbsent("WORKERS", "4");
            environment.putIfAbsent("PID_FILE", folder.resolve("server.pid").toString());
            environment.put("CURRENT", current.toString());
            environment.put("PREFORK", SOURCES.toString());
            List<String> command = new ArrayList<>(List.of("php", "-d", "realpath_cache_ttl=120"));
            command.addAll(options);
            if (kind == Kind.SWOOLE) {
                kind.real().ifPresent(library -> command.addAll(List.of("-d", "extension=" + library)));
            } else {
                kind.real().ifPresent(source -> environment.put("WORKERMAN", source));
            }
            command.add(startFile.toString());
            if (kind == Kind.WORKERMAN) {
                command.add("start");
            }
            Path pidFile = Path.of(environment.get("PID_FILE"));
            try {
                Files.createDirectories(folder);
                Files.deleteIfExists(folder.resolve("server.pid"));
                if (!pidFile.equals(folder.resolve("server.pid"))) {
                    Files.createSymbolicLink(folder.resolve("server.pid"), pidFile);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new Resident(folder, port, command, environment, () -> Files.exists(folder.resolve("server.pid")));
        }
    }

    /** A server whose files lie in a folder. */
    public static Builder in(Kind kind, Path folder) {
        return new Builder(kind, folder);
    }

    /** Its port on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** Its pid file. */
    public Path pidFile() {
        return folder.resolve("server.pid");
    }

    /** A page that shows the release. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + port + "/index.php");
    }

    /** Asks for that page. */
    public String get() {
        try {
            HttpURLConnection connection = (HttpURLConnection) url().toURL().openConnection();
            connection.setRequestProperty("Connection", "close");
            connection.setReadTimeout(10_000);
            return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
