package io.github.phpdeploy.transfer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What must happen to a tree of one manifest to become a tree of another.
 *
 * @param send what is new or different, sorted; directories before what they hold
 * @param drop what must not stay: the keys of what is gone or different, sorted
 * @param reused how many files and links stay as they are
 */
public record ChangeSet(List<ManifestEntry> send, List<ManifestEntry> drop, int reused) {

    /** The changes with immutable lists. */
    public ChangeSet {
        send = List.copyOf(send);
        drop = List.copyOf(drop);
    }

    /**
     * Compares two trees.
     *
     * @param base what is there; empty when there is nothing
     * @param next what is to be there
     * @return the difference
     */
    public static ChangeSet between(Optional<Base> base, Manifest next) {
        Map<String, ManifestEntry> before = base.map(Base::entries).orElse(Map.of());
        List<ManifestEntry> send = new ArrayList<>();
        List<ManifestEntry> drop = new ArrayList<>();
        int reused = 0;
        for (ManifestEntry entry : next.entries().values()) {
            ManifestEntry old = before.get(entry.path());
            if (entry.isSame(old) && !entry.isOdd()) {
                reused += entry.kind() == Kind.DIRECTORY ? 0 : 1;
            } else {
                send.add(entry);
            }
        }
        for (ManifestEntry old : before.values()) {
            ManifestEntry now = next.entries().get(old.path());
            if (now == null || !now.isSame(old)) {
                drop.add(old);
            }
        }
        return new ChangeSet(send, drop, reused);
    }

    /**
     * How many files travel.
     *
     * @return files and links to send, without directories
     */
    public int filesToSend() {
        return (int)
                send.stream().filter(entry -> entry.kind() != Kind.DIRECTORY).count();
    }

    /**
     * How much content travels, before compression.
     *
     * @return bytes
     */
    public long bytesToSend() {
        return send.stream().mapToLong(ManifestEntry::size).sum();
    }
}
