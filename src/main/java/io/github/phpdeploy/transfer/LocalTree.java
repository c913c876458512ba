package io.github.phpdeploy.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;

import io.github.phpdeploy.PhpDeployException;

/**
 * A tree on this machine, read once: its manifest, and where the content behind each entry lies.
 *
 * @param manifest what the tree holds
 * @param sources path of a file → where its content lies
 */
public record LocalTree(Manifest manifest, Map<String, Path> sources) {

    /** The tree. The map is not copied, which takes as long as all else that is done with it, and must not change. */
    public LocalTree {
        sources = Collections.unmodifiableMap(sources);
    }

    /**
     * Reads the content of every file, on all processors.
     *
     * @param files what is to be on the host
     * @param cache hashes of files that need not be read
     * @return the tree
     * @throws PhpDeployException when a file cannot be read
     */
    public static LocalTree read(List<TreeFile> files, HashCache cache) {
        try (Reader reader = new Reader(cache)) {
            files.forEach(reader::add);
            return reader.finish();
        }
    }

    /**
     * Makes sure that what was read is what was found.
     *
     * @throws SourceChangedException when it was changed in between
     */
    void checkSame(List<TreeFile> found) {
        for (TreeFile file : found) {
            ManifestEntry entry = manifest.entries().get(file.path());
            boolean same = entry != null
                    && entry.kind() == file.kind()
                    && (entry.kind() != Kind.FILE
                            || entry.size() == file.size() && entry.executable() == file.executable())
                    && (entry.kind() != Kind.LINK || entry.target().equals(file.target()));
            if (!same) {
                throw new SourceChangedException(Path.of(file.path()), null);
            }
        }
        if (found.size() != manifest.entries().size()) {
            throw new SourceChangedException("a file appeared while the application was being sent", null);
        }
    }

    /** Reads files while they are still being found. Give it each, then ask for the tree; one thread does both. */
    public static final class Reader implements AutoCloseable {

        private static final int BATCH = 64;

        private final HashCache cache;

        /** One processor is left to whoever finds the files: hosts wait for that, and not for the hashes. */
        private final ExecutorService pool =
                Executors.newFixedThreadPool(Math.max(1, Runtime.getRuntime().availableProcessors() - 1), task -> {
                    Thread thread = new Thread(task, "php-deploy-hash");
                    thread.setDaemon(true);
                    return thread;
                });

        private final List<FutureTask<List<ManifestEntry>>> parts = new ArrayList<>();
        private final Map<String, Path> sources = new HashMap<>();
        private List<TreeFile> batch = new ArrayList<>(BATCH);

        /**
         * A reader.
         *
         * @param cache hashes of files that need not be read
         */
        public Reader(HashCache cache) {
            this.cache = cache;
        }

        /**
         * Has a file read, sooner or later.
         *
         * @param file something that is to be on the host
         */
        public void add(TreeFile file) {
            if (file.kind() == Kind.FILE) {
                sources.put(file.path(), file.source());
            }
            batch.add(file);
            if (batch.size() == BATCH) {
                submit();
            }
        }

        private void submit() {
            List<TreeFile> files = batch;
            batch = new ArrayList<>(BATCH);
            FutureTask<List<ManifestEntry>> part = new FutureTask<>(() -> hash(files, cache));
            parts.add(part);
            pool.execute(part);
        }

        /**
         * Waits until all is read, and helps with it.
         *
         * @return the tree
         * @throws PhpDeployException when a file cannot be read
         */
        public LocalTree finish() {
            submit();
            for (int i = parts.size() - 1; i >= 0; i--) {
                // nothing happens where another thread has begun
                parts.get(i).run();
            }
            List<ManifestEntry> entries = new ArrayList<>(parts.size() * BATCH);
            try {
                for (FutureTask<List<ManifestEntry>> part : parts) {
                    entries.addAll(part.get());
                }
            } catch (ExecutionException e) {
                throw e.getCause() instanceof PhpDeployException failure ? failure : new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new PhpDeployException("reading the application was interrupted", "run the build again", e);
            }
            return new LocalTree(Manifest.of(entries), sources);
        }

        /** Stops reading. */
        @Override
        public void close() {
            pool.shutdownNow();
        }
    }

    private static List<ManifestEntry> hash(List<TreeFile> files, HashCache cache) {
        MessageDigest digest = Manifest.sha256();
        byte[] buffer = new byte[64 * 1024];
        List<ManifestEntry> entries = new ArrayList<>(files.size());
        for (TreeFile file : files) {
            entries.add(
                    switch (file.kind()) {
                        case DIRECTORY -> ManifestEntry.directory(file.path());
                        case LINK -> ManifestEntry.link(file.path(), file.target());
                        case FILE -> hash(file, digest, buffer, cache);
                    });
        }
        return entries;
    }

    private static ManifestEntry hash(TreeFile file, MessageDigest digest, byte[] buffer, HashCache cache) {
        try {
            BasicFileAttributes seen =
                    file.seen() == null ? Files.readAttributes(file.source(), BasicFileAttributes.class) : file.seen();
            HashCache.Content content = cache.get(file.source(), seen).orElse(null);
            if (content == null) {
                content = read(file.source(), seen.size(), digest, buffer);
                cache.put(file.source(), seen, content);
            }
            return ManifestEntry.file(file.path(), file.executable(), seen.size(), content.hash())
                    .with(content.chunks());
        } catch (NoSuchFileException e) {
            throw new SourceChangedException(file.source(), e);
        } catch (IOException | UncheckedIOException e) {
            throw new PhpDeployException(
                    "the file " + file.source() + " cannot be read ("
                            + e.getClass().getSimpleName() + ")",
                    "make it readable for the user that runs the build, or exclude it with <excludes>",
                    e);
        }
    }

    private static HashCache.Content read(Path source, long size, MessageDigest digest, byte[] buffer)
            throws IOException {
        Chunker chunker = size < Chunker.THRESHOLD ? null : new Chunker();
        long read = 0;
        try (InputStream in = SourceFiles.open(source)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
                if (chunker != null) {
                    chunker.update(buffer, 0, n);
                }
                read += n;
            }
        }
        if (read != size) {
            throw new SourceChangedException(source, null);
        }
        return new HashCache.Content(
                HexFormat.of().formatHex(digest.digest()), chunker == null ? Chunks.NONE : chunker.finish());
    }
}
