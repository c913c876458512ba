package io.github.phpdeploy.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A php-fpm master with one pool on a Unix socket. */
public final class Fpm extends Server {

    private final Path folder;

    private Fpm(Path folder, Path directory, List<String> command) {
        super(command, Map.of(), folder.resolve("fpm.out"), directory, () -> Files.exists(folder.resolve("fpm.sock")));
        this.folder = folder;
    }

    /** How a master is to be. */
    public static final class Builder {

        private final Path folder;
        private final List<String> global = new ArrayList<>();
        private final List<String> pool = new ArrayList<>();
        private final List<String> ini = new ArrayList<>();
        private Path directory = Path.of("").toAbsolutePath();

        private Builder(Path folder) {
            this.folder = folder;
        }

        /** A line of the [global] section. */
        public Builder global(String line) {
            global.add(line);
            return this;
        }

        /** A line of the pool's section. */
        public Builder pool(String line) {
            pool.add(line);
            return this;
        }

        /** A line of php.ini. */
        public Builder ini(String line) {
            ini.add(line);
            return this;
        }

        /** Where it is started. */
        public Builder directory(Path path) {
            directory = path;
            return this;
        }

        /** Starts it. */
        public Fpm start() {
            String user = isRoot() ? "user = www-data\ngroup = www-data\n" : "";
            write(
                    folder.resolve("php-fpm.conf"),
                    "[global]\npid = " + folder.resolve("fpm.pid") + "\nerror_log = " + folder.resolve("fpm.log")
                            + "\n" + String.join("\n", global) + "\n[www]\n" + user + "listen = "
                            + folder.resolve("fpm.sock")
                            + "\nlisten.mode = 0666\npm = static\npm.max_children = 4\ncatch_workers_output = yes\n"
                            + String.join("\n", pool) + "\n");
            // with errors displayed, PHP answers a script that does not compile with status 200
            write(folder.resolve("php.ini"), "display_errors = 0\n" + String.join("\n", ini) + "\n");
            return new Fpm(
                    folder,
                    directory,
                    List.of(
                            program(),
                            "-F",
                            "-y",
                            folder.resolve("php-fpm.conf").toString(),
                            "-c",
                            folder.resolve("php.ini").toString()));
        }
    }

    /** A master whose files lie in a folder. */
    public static Builder in(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Builder(folder);
    }

    /** The newest php-fpm that is installed. */
    public static String program() {
        try (Stream<Path> programs = Files.list(Path.of("/usr/sbin"))) {
            return programs.map(Path::toString)
                    .filter(name -> name.matches("/usr/sbin/php-fpm[0-9.]+"))
                    .max(String::compareTo)
                    .orElseThrow(() -> new IllegalStateException("no php-fpm in /usr/sbin"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The pool's socket. */
    public Path socket() {
        return folder.resolve("fpm.sock");
    }

    /** The master's pid file. */
    public Path pidFile() {
        return folder.resolve("fpm.pid");
    }

    /** Its configuration, to be broken by a test. */
    public Path config() {
        return folder.resolve("php-fpm.conf");
    }

    /** The process ids of its workers. */
    public List<Long> workers() {
        return handle().children().map(ProcessHandle::pid).sorted().toList();
    }
}
