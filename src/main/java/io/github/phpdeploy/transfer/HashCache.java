package io.github.phpdeploy.transfer;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Hashes of local files, by path, size, modification time and inode, so that what did not change is not read again. A file
 * that was changed about when it was read is not kept: a further edit within the same tick of the clock could not be told,
 * what git calls "racily clean". A cache that cannot be read or written is as if it were empty. Safe for several threads.
 */
public final class HashCache {

    private static final int VERSION = 0x50485032;

    /** FAT's clock ticks every two seconds, other file systems' more often. */
    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Path file;
    private final CompletableFuture<Map<String, Entry>> known;
    private final Map<String, Entry> seen = new ConcurrentHashMap<>();

    private record Entry(long size, long modified, String inode, Content content) {}

    /** What was read of a file: its SHA-256 in hexadecimal digits, and, for a large one, its chunks. */
    record Content(String hash, Chunks chunks) {}

    private HashCache(Path file, CompletableFuture<Map<String, Entry>> known) {
        this.file = file;
        this.known = known;
    }

    /**
     * A cache that is empty and is not kept.
     *
     * @return a cache without use
     */
    public static HashCache none() {
        return new HashCache(null, CompletableFuture.completedFuture(Map.of()));
    }

    /**
     * Reads a cache, in the background.
     *
     * @param file where it is kept
     * @return the cache; empty when there is none or it makes no sense
     */
    public static HashCache load(Path file) {
        CompletableFuture<Map<String, Entry>> known = CompletableFuture.supplyAsync(() -> read(file), task -> {
            Thread thread = new Thread(task, "php-deploy-hashes");
            thread.setDaemon(true);
            thread.start();
        });
        return new HashCache(file, known);
    }

    private static Map<String, Entry> read(Path file) {
        if (!Files.isRegularFile(file)) {
            return Map.of();
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
            int count = in.readInt() == VERSION ? in.readInt() : 0;
            Map<String, Entry> known = new HashMap<>(count * 2);
            for (int i = 0; i < count; i++) {
                String path = in.readUTF();
                known.put(
                        path,
                        new Entry(
                                in.readLong(),
                                in.readLong(),
                                in.readUTF(),
                                new Content(in.readUTF(), new Chunks(text(in), text(in)))));
            }
            return known;
        } catch (IOException e) {
            return Map.of();
        }
    }

    private static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("cut short");
        }
        return new String(in.readNBytes(length), StandardCharsets.US_ASCII);
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        out.writeInt(text.length());
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** What a file that is as it was holds; empty when it must be read. */
    Optional<Content> get(Path source, BasicFileAttributes now) {
        String path = source.toString();
        Entry entry = known.join().get(path);
        if (entry == null
                || entry.size != now.size()
                || entry.modified != nanos(now)
                || !entry.inode.equals(String.valueOf(now.fileKey()))) {
            return Optional.empty();
        }
        seen.put(path, entry);
        return Optional.of(entry.content);
    }

    /** Remembers what a file holds, with what it looked like before it was read. */
    void put(Path source, BasicFileAttributes before, Content content) {
        long age = System.currentTimeMillis() * 1_000_000 - nanos(before);
        if (file != null && age > TICK_NANOS) {
            seen.put(
                    source.toString(),
                    new Entry(before.size(), nanos(before), String.valueOf(before.fileKey()), content));
        }
    }

    private static long nanos(BasicFileAttributes attributes) {
        return attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
    }

    /** Keeps what was seen, and forgets the rest. */
    public void save() {
        if (file == null || seen.equals(known.join())) {
            return;
        }
        try {
            Files.createDirectories(file.getParent());
            Path temporary = Files.createTempFile(file.getParent(), "new", ".tmp");
            try (DataOutputStream out =
                    new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(temporary), 64 * 1024))) {
                out.writeInt(VERSION);
                out.writeInt(seen.size());
                for (Map.Entry<String, Entry> each : seen.entrySet()) {
                    out.writeUTF(each.getKey());
                    out.writeLong(each.getValue().size);
                    out.writeLong(each.getValue().modified);
                    out.writeUTF(each.getValue().inode);
                    out.writeUTF(each.getValue().content.hash);
                    text(out, each.getValue().content.chunks.digests());
                    text(out, each.getValue().content.chunks.lengths());
                }
            }
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException ignored) {
            // the next deploy reads all files again
        }
    }
}
