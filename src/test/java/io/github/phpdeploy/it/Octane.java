package io.github.phpdeploy.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A stand-in for Laravel Octane: a tree with its {@code artisan}, and the stand-in for Swoole that this starts. */
public final class Octane extends Server {

    private static final Path ARTISAN = Path.of("src/test/resources/io/github/phpdeploy/it/octane/artisan.php");

    private final int port;

    private Octane(Path tree, Path stateFile, Map<String, String> environment, int port) {
        super(
                List.of(
                        "php",
                        tree.resolve("artisan").toString(),
                        "octane:start",
                        "--host=127.0.0.1",
                        "--port=" + port),
                environment,
                stateFile.resolveSibling("octane.out"),
                () -> listens(port) && notes(stateFile));
        this.port = port;
    }

    private static boolean notes(Path stateFile) {
        try {
            return Files.readString(stateFile).matches("(?s).*\"masterProcessId\": [0-9]+.*");
        } catch (IOException notYet) {
            return false;
        }
    }

    /**
     * Lays down what belongs to Octane.
     *
     * @param tree the application's tree
     * @param stateFile an expression of PHP for where it keeps its state
     */
    public static void lay(Path tree, String stateFile) {
        write(tree.resolve("artisan"), read(ARTISAN));
        write(tree.resolve("bin/swoole-server.php"), read(Resident.Kind.SWOOLE.startFile()));
        write(
                tree.resolve("config/octane.php"),
                "<?php return ['PREFORK' => '"
                        + Resident.Kind.SWOOLE.startFile().getParent() + "', 'state_file' => " + stateFile + "];");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts one.
     *
     * @param tree where its {@code artisan} is
     * @param stateFile where it keeps its state, as {@code config/octane.php} says
     * @param basePath {@code APP_BASE_PATH} in its environment; empty for none
     */
    public static Octane start(Path tree, Path stateFile, String basePath) {
        try {
            Files.createDirectories(stateFile.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Octane(
                tree, stateFile, basePath.isEmpty() ? Map.of() : Map.of("APP_BASE_PATH", basePath), freePort());
    }

    /** A page that shows the release. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + port + "/index.php");
    }
}
