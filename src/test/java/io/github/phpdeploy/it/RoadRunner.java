package io.github.phpdeploy.it;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A stand-in for RoadRunner, which no registry has: a server of our own with the same commands, processes and order of a reset, by
 * what RoadRunner's source says.
 */
public final class RoadRunner {

    /** The stand-in for its program. */
    public static final Path PROGRAM = Resident.SOURCES.resolve("rr");

    /** The application's worker. */
    public static final Path WORKER = Resident.SOURCES.resolve("rr-worker.php");

    private RoadRunner() {}

    /** The configuration of a server in a folder. */
    public static Path config(Path folder) {
        return folder.resolve(".rr.yaml");
    }

    /**
     * Starts it.
     *
     * @param folder where its files lie
     * @param command what its workers run
     * @param pool settings of its pool, a line each
     * @param environment what the workers are to know
     * @param options more words for the command line
     */
    public static Resident start(
            Path folder, String command, String pool, Map<String, String> environment, String... options) {
        int port = Server.freePort();
        write(folder, port, command, pool);
        List<String> words = new ArrayList<>(
                List.of(PROGRAM.toString(), "serve", "-c", config(folder).toString()));
        words.addAll(List.of(options));
        return new Resident(folder, port, words, environment, () -> true);
    }

    private static void write(Path folder, int port, String command, String pool) {
        Server.write(
                config(folder),
                "version: \"3\"\nrpc:\n  listen: unix://" + folder.resolve("rr.sock") + "\nserver:\n  command: \""
                        + command
                        + "\"\nhttp:\n  address: 127.0.0.1:" + port + "\n  pool:\n    num_workers: 4\n"
                        + pool.indent(4));
    }
}
