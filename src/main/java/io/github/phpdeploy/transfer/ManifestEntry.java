package io.github.phpdeploy.transfer;

/**
 * One line of a manifest.
 *
 * @param path where: relative, {@code /} between names
 * @param kind what it is
 * @param executable for a file, whether it may be executed
 * @param size for a file, its length in bytes, or {@link #UNKNOWN} in a brief manifest; else 0
 * @param hash for a file, the SHA-256 of its content in 64 lower-case hexadecimal digits; else empty
 * @param target for a symbolic link, what it points to; else empty
 * @param chunks for a large file, its pieces; else {@link Chunks#NONE}
 */
public record ManifestEntry(
        String path, Kind kind, boolean executable, long size, String hash, String target, Chunks chunks) {

    /** The size of a file of which a brief manifest tells less. */
    static final long UNKNOWN = -1;

    static final char TAB = '\t';
    static final char CHUNKS = 'c';

    static ManifestEntry file(String path, boolean executable, long size, String hash) {
        return new ManifestEntry(path, Kind.FILE, executable, size, hash, "", Chunks.NONE);
    }

    /** A file that is as it was, but cut into chunks; odd names stay whole, because the host could not find them. */
    ManifestEntry with(Chunks cut) {
        return isOdd() ? this : new ManifestEntry(path, kind, executable, size, hash, target, cut);
    }

    static ManifestEntry directory(String path) {
        return new ManifestEntry(path, Kind.DIRECTORY, false, 0, "", "", Chunks.NONE);
    }

    static ManifestEntry link(String path, String target) {
        return new ManifestEntry(path, Kind.LINK, false, 0, "", target, Chunks.NONE);
    }

    /**
     * Whether the host's tools, which work line by line, cannot tell this name from others. Such things are sent anew
     * each time.
     */
    boolean isOdd() {
        if (path.indexOf('\n') >= 0) {
            return true;
        }
        return kind == Kind.LINK && (path.indexOf(TAB) >= 0 || target.indexOf(TAB) >= 0 || target.indexOf('\n') >= 0);
    }

    /**
     * The path as the manifest's line has it: escaped where it is odd. A line is told by it.
     */
    String key() {
        return isOdd() ? escape(path) : path;
    }

    /**
     * Whether what a host has is this, as far as is known of it.
     *
     * @param there what it has, with its whole hash or the first digits of it; null for nothing
     */
    boolean isSame(ManifestEntry there) {
        return there != null
                && kind == there.kind
                && executable == there.executable
                && (size == there.size || there.size == UNKNOWN)
                && target.equals(there.target)
                && chunks.digests().equals(there.chunks.digests())
                && hash.startsWith(there.hash);
    }

    /** What entries are sorted by: all of the line behind its first tab. */
    String sortKey() {
        return kind == Kind.LINK ? key() + TAB + (isOdd() ? escape(target) : target) : key();
    }

    /**
     * Appends the line: {@code f <x|-> <size> <hash>}, {@code d} or {@code l}; a tab; the path. In front of a file that is cut
     * stands a line with its chunks: {@code c <digests> <lengths>}; a tab; the path.
     */
    void appendTo(StringBuilder text) {
        append(text, hash, chunks);
    }

    /** Appends the line with only the first digits of the hash, and without the lengths of chunks. */
    void appendBriefTo(StringBuilder text) {
        append(
                text,
                hash.length() > Manifest.BRIEF_HASH ? hash.substring(0, Manifest.BRIEF_HASH) : hash,
                chunks.brief());
    }

    private void append(StringBuilder text, String hash, Chunks chunks) {
        boolean odd = isOdd();
        if (!chunks.isNone()) {
            text.append(CHUNKS).append(' ').append(chunks.digests());
            if (!chunks.lengths().isEmpty()) {
                text.append(' ').append(chunks.lengths());
            }
            text.append(TAB).append(path).append('\n');
        }
        text.append(odd ? Character.toUpperCase(kind.letter()) : kind.letter());
        if (kind == Kind.FILE) {
            text.append(executable ? " x " : " - ").append(size).append(' ').append(hash);
        }
        text.append(TAB).append(odd ? escape(path) : path);
        if (kind == Kind.LINK) {
            text.append(TAB).append(odd ? escape(target) : target);
        }
        text.append('\n');
    }

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException when it is none
     */
    static ManifestEntry parse(String line) {
        int tab = line.indexOf(TAB);
        if (tab < 1) {
            throw new IllegalArgumentException("no path");
        }
        char letter = line.charAt(0);
        boolean odd = Character.isUpperCase(letter);
        String rest = line.substring(tab + 1);
        switch (Character.toLowerCase(letter)) {
            case 'f' -> {
                return file(line, tab, path(rest, odd));
            }
            case 'd' -> {
                return directory(path(rest, odd));
            }
            case 'l' -> {
                int second = rest.indexOf(TAB);
                if (second < 1) {
                    throw new IllegalArgumentException("a link without target");
                }
                String target = rest.substring(second + 1);
                return link(path(rest.substring(0, second), odd), odd ? unescape(target) : target);
            }
            default -> throw new IllegalArgumentException("unknown kind");
        }
    }

    /** Reads "f", the executable bit, maybe the size, and the hash: by hand, because it is done for every file of a tree. */
    private static ManifestEntry file(String line, int tab, String path) {
        int second = line.indexOf(' ', 4);
        boolean sized = second > 0 && second < tab;
        char bit = tab > 4 ? line.charAt(2) : 0;
        if (line.charAt(1) != ' ' || (bit != 'x' && bit != '-') || line.charAt(3) != ' ') {
            throw new IllegalArgumentException("not a file");
        }
        String hash = line.substring(sized ? second + 1 : 4, tab);
        if (!isHash(hash)) {
            throw new IllegalArgumentException("not a hash");
        }
        return file(path, bit == 'x', sized ? Long.parseLong(line, 4, second, 10) : UNKNOWN, hash);
    }

    /** Reads the line with a file's chunks. */
    static Chunks parseChunks(String line) {
        int tab = line.indexOf(TAB);
        String[] words = line.substring(0, Math.max(0, tab)).split(" ");
        if (words.length < 2 || words.length > 3) {
            throw new IllegalArgumentException("no chunks");
        }
        return Chunks.parse(words[1], words.length == 3 ? words[2] : "");
    }

    private static boolean isHash(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return text.length() >= Manifest.BRIEF_HASH && text.length() <= 64;
    }

    private static String path(String text, boolean odd) {
        String path = odd ? unescape(text) : text;
        if (path.isEmpty() || path.startsWith("/") || ("/" + path + "/").contains("/../")) {
            throw new IllegalArgumentException("a path that leads out");
        }
        return path;
    }

    private static String escape(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t");
    }

    private static String unescape(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                plain.append(c);
                continue;
            }
            i++;
            if (i == text.length()) {
                throw new IllegalArgumentException("half an escape");
            }
            plain.append(
                    switch (text.charAt(i)) {
                        case 'n' -> '\n';
                        case 't' -> '\t';
                        case '\\' -> '\\';
                        default -> throw new IllegalArgumentException("unknown escape");
                    });
        }
        return plain.toString();
    }
}
