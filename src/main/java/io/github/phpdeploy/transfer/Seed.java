package io.github.phpdeploy.transfer;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPOutputStream;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Complaint;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.Running;
import io.github.phpdeploy.host.Script;
import io.github.phpdeploy.host.ScriptResult;

/** Puts some first files into a directory that is not a release and is not watched afterwards. */
public final class Seed {

    private static final Script PLANT = Script.of(Seed.class, "plant.sh");
    private static final Duration LIMIT = Duration.ofHours(1);

    private Seed() {}

    /**
     * What is to be there.
     *
     * @param file what it is; the path is relative to the directory
     * @param secret whether only its owner may read it
     */
    public record Item(TreeFile file, boolean secret) {}

    /**
     * Sends files, but touches none that is there.
     *
     * @param host where to
     * @param directory absolute directory there; it is made
     * @param items what is to be there
     * @throws PhpDeployException when that cannot be done
     */
    public static void plant(Host host, String directory, List<Item> items) {
        try (Running running = host.start(PLANT, List.of(directory), LIMIT)) {
            try (TarWriter tar = new TarWriter(
                    new BufferedOutputStream(new GZIPOutputStream(running.stdin(), 16 * 1024), 16 * 1024),
                    Instant.now().getEpochSecond())) {
                for (Item item : items) {
                    plant(tar, item);
                }
            } catch (IOException e) {
                ScriptResult early = running.finish();
                throw early.ok()
                        ? running.failure(e)
                        : Complaint.of("shared files could not be made in " + directory, host, early);
            }
            ScriptResult result = running.finish();
            if (!result.ok()) {
                throw Complaint.of("shared files could not be made in " + directory, host, result);
            }
        }
    }

    private static void plant(TarWriter tar, Item item) throws IOException {
        TreeFile file = item.file();
        switch (file.kind()) {
            case DIRECTORY -> tar.directory(file.path() + "/");
            case LINK -> tar.link(file.path(), file.target());
            case FILE -> {
                byte[] content = read(file.source());
                tar.file(file.path(), item.secret() ? 0600 : file.executable() ? 0755 : 0644, content);
            }
        }
    }

    private static byte[] read(Path source) {
        try {
            return Files.readAllBytes(source);
        } catch (IOException e) {
            throw new PhpDeployException(
                    "the file " + source + " cannot be read", "make it readable for the user that runs the build", e);
        }
    }
}
