package io.github.phpdeploy.transfer;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a tree holds, by content: path, kind, executable bit, size, SHA-256 or link target. Immutable; equal trees have
 * equal manifests, to the byte.
 *
 * <p>As text (UTF-8) it is a header line that names the version, then a line an entry, sorted by path as bytes; in front of
 * a large file's stands one with its chunks.
 */
public final class Manifest {

    /**
     * How many digits of a file's SHA-256 a brief manifest has. Of 2^32 changed files one would look unchanged; the digest of
     * the whole manifest, which is checked in the end, then shows it.
     */
    static final int BRIEF_HASH = 8;

    private static final String HEADER = "php-deploy-manifest 1";

    private final Map<String, ManifestEntry> entries;
    private final byte[] bytes;
    private final String digest;

    private Manifest(Map<String, ManifestEntry> entries, byte[] bytes) {
        this.entries = entries;
        this.bytes = bytes;
        this.digest = HexFormat.of().formatHex(sha256().digest(bytes));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * The manifest of some entries.
     *
     * @param entries in any order, each path once
     * @return the manifest
     */
    public static Manifest of(Collection<ManifestEntry> entries) {
        record Keyed(String key, ManifestEntry entry) {}
        List<Keyed> sorted = new ArrayList<>(entries.size());
        for (ManifestEntry entry : entries) {
            sorted.add(new Keyed(entry.sortKey(), entry));
        }
        sorted.sort((one, other) -> compareAsBytes(one.key, other.key));
        Map<String, ManifestEntry> byPath = new LinkedHashMap<>(sorted.size() * 2);
        StringBuilder text =
                new StringBuilder(sorted.size() * 128).append(HEADER).append('\n');
        for (Keyed each : sorted) {
            if (byPath.put(each.entry.path(), each.entry) != null) {
                throw new IllegalArgumentException("twice: " + each.entry.path());
            }
            each.entry.appendTo(text);
        }
        return new Manifest(byPath, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Compares as {@code LC_ALL=C sort} compares the UTF-8 of both: by code points, which differs from Java's order only
     * where surrogates meet what lies above them.
     */
    static int compareAsBytes(String one, String other) {
        int length = Math.min(one.length(), other.length());
        for (int i = 0; i < length; i++) {
            char a = one.charAt(i);
            char b = other.charAt(i);
            if (a != b) {
                return Character.isSurrogate(a) == Character.isSurrogate(b) ? a - b : Character.isSurrogate(a) ? 1 : -1;
            }
        }
        return one.length() - other.length();
    }

    /**
     * Reads what {@link #bytes()} wrote.
     *
     * @param bytes a manifest as text
     * @return the manifest; empty when it is cut short, corrupt, or of another version
     */
    public static Optional<Manifest> parse(byte[] bytes) {
        return entries(bytes)
                .map(entries -> of(entries.values()))
                .filter(manifest -> Arrays.equals(manifest.bytes, bytes));
    }

    /**
     * Reads a manifest, whole or brief, that is known to be as it was written.
     *
     * @param bytes a manifest as text
     * @return path → entry, in the manifest's order; empty when it makes no sense
     */
    static Optional<Map<String, ManifestEntry>> entries(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (!text.startsWith(HEADER + "\n") || !text.endsWith("\n")) {
            return Optional.empty();
        }
        Map<String, ManifestEntry> entries = new LinkedHashMap<>(text.length() / 32);
        Chunks chunks = Chunks.NONE;
        try {
            for (int at = HEADER.length() + 1; at < text.length(); ) {
                int end = text.indexOf('\n', at);
                String line = text.substring(at, end);
                at = end + 1;
                if (line.charAt(0) == ManifestEntry.CHUNKS) {
                    chunks = ManifestEntry.parseChunks(line);
                    continue;
                }
                ManifestEntry entry = ManifestEntry.parse(line);
                entries.put(entry.path(), chunks.isNone() ? entry : entry.with(chunks));
                chunks = Chunks.NONE;
            }
            return Optional.of(entries);
        } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    /**
     * The manifest as text, with only the first digits of hashes.
     *
     * @return UTF-8
     */
    byte[] brief() {
        StringBuilder text = new StringBuilder(bytes.length).append(HEADER).append('\n');
        entries.values().forEach(entry -> entry.appendBriefTo(text));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The manifest as text.
     *
     * @return UTF-8; a copy
     */
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * What this manifest is known by.
     *
     * @return the SHA-256 of {@link #bytes()} in 64 lower-case hexadecimal digits
     */
    public String digest() {
        return digest;
    }

    /**
     * The entries, sorted.
     *
     * @return path → entry, unmodifiable
     */
    public Map<String, ManifestEntry> entries() {
        return Collections.unmodifiableMap(entries);
    }

    /**
     * How many files there are.
     *
     * @return files and symbolic links, without directories
     */
    public int files() {
        return (int) entries.values().stream()
                .filter(entry -> entry.kind() != Kind.DIRECTORY)
                .count();
    }

    /**
     * How large the files are together.
     *
     * @return bytes of content
     */
    public long size() {
        return entries.values().stream().mapToLong(ManifestEntry::size).sum();
    }
}
