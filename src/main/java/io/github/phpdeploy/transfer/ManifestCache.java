package io.github.phpdeploy.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Brief manifests on this machine, by the digests of the whole ones, so that what a host has need not be fetched again. What
 * cannot be read or written is as if it were not there: it only costs time.
 */
public final class ManifestCache {

    private static final int KEPT = 16;
    private static final String SUFFIX = ".manifest";

    private final Path directory;

    /**
     * A cache.
     *
     * @param directory where; it is made when there is something to keep
     */
    public ManifestCache(Path directory) {
        this.directory = directory;
    }

    /** The digests of what is here, newest first. */
    List<String> digests() {
        return files().stream()
                .map(file -> file.getFileName().toString().replace(SUFFIX, ""))
                .toList();
    }

    private List<Path> files() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> file.getFileName().toString().matches("[0-9a-f]{64}\\" + SUFFIX))
                    .sorted(Comparator.comparing((Path file) -> file.toFile().lastModified())
                            .reversed())
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The brief manifest as text; empty when it is not here. */
    Optional<byte[]> get(String digest) {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(directory.resolve(digest + SUFFIX)))) {
            return Optional.of(in.readAllBytes());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Keeps a manifest.
     *
     * @param manifest what a host has now
     */
    public void put(Manifest manifest) {
        if (!Files.exists(directory.resolve(manifest.digest() + SUFFIX))) {
            put(manifest.digest(), manifest.brief());
        }
    }

    void put(String digest, byte[] brief) {
        try {
            Files.createDirectories(directory);
            Path temporary = Files.createTempFile(directory, "new", ".tmp");
            try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(temporary), 64 * 1024)) {
                out.write(brief);
            }
            Files.move(temporary, directory.resolve(digest + SUFFIX), StandardCopyOption.REPLACE_EXISTING);
            for (Path old : files().stream().skip(KEPT).toList()) {
                Files.deleteIfExists(old);
            }
        } catch (IOException ignored) {
            // the next deploy fetches it
        }
    }
}
