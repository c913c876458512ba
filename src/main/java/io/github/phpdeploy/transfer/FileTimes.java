package io.github.phpdeploy.transfer;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * When the files of a release got the content that its manifest tells, in seconds, by path: what has another time now was
 * written since. Kept beside the manifest as {@code <id>.times}: a header with the manifest's digest, and then how many files
 * in a row, in the manifest's order, have which time. Uploads by scripts keep more, in {@code <id>.stat}, which serves as well.
 */
final class FileTimes {

    private static final String HEADER = "php-deploy-times 1 ";

    private FileTimes() {}

    /** The times as text. */
    static String text(Manifest manifest, Map<String, Long> times) {
        StringBuilder text = new StringBuilder(HEADER).append(manifest.digest()).append('\n');
        long count = 0;
        long last = 0;
        for (ManifestEntry entry : manifest.entries().values()) {
            if (entry.kind() != Kind.FILE) {
                continue;
            }
            long time = times.get(entry.path());
            if (count > 0 && time != last) {
                text.append(count).append(' ').append(last).append('\n');
                count = 0;
            }
            last = time;
            count++;
        }
        if (count > 0) {
            text.append(count).append(' ').append(last).append('\n');
        }
        return text.toString();
    }

    /** The digest of the manifest that times belong to; empty when they make no sense. */
    static Optional<String> digest(byte[] bytes) {
        String head =
                new String(bytes, StandardCharsets.UTF_8).lines().findFirst().orElse("");
        return head.matches(HEADER + "[0-9a-f]{64}") ? Optional.of(head.substring(HEADER.length())) : Optional.empty();
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @param entries the manifest's, in its order
     * @return path → time; empty when the times are of something else
     */
    static Optional<Map<String, Long>> parse(byte[] bytes, Map<String, ManifestEntry> entries) {
        String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n");
        Map<String, Long> times = new HashMap<>();
        int line = 0;
        long left = 0;
        long time = 0;
        try {
            for (ManifestEntry entry : entries.values()) {
                if (entry.kind() != Kind.FILE) {
                    continue;
                }
                if (left == 0) {
                    line++;
                    String[] words = lines[line].split(" ");
                    left = Long.parseLong(words[0]);
                    time = Long.parseLong(words[1]);
                }
                times.put(entry.path(), time);
                left--;
            }
        } catch (ArrayIndexOutOfBoundsException | NumberFormatException e) {
            return Optional.empty();
        }
        return left == 0 && line == lines.length - 1 ? Optional.of(times) : Optional.empty();
    }

    /** The times of the index that {@code upload.sh} keeps: {@code f <mode> <size> <inode> <mtime>;<ctime>TAB<path>}. */
    static Map<String, Long> ofIndex(byte[] bytes) {
        Map<String, Long> times = new HashMap<>();
        new String(bytes, StandardCharsets.UTF_8).lines().skip(1).forEach(line -> {
            int tab = line.indexOf(ManifestEntry.TAB);
            String[] words = line.substring(0, Math.max(0, tab)).split(" ");
            if (words.length == 5 && words[0].equals("f") && words[4].matches("[0-9]{1,15}[.;].*")) {
                times.put(line.substring(tab + 1), Long.parseLong(words[4].split("[.;]")[0]));
            }
        });
        return times;
    }
}
