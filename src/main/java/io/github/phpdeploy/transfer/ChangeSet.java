package io.github.phpdeploy.transfer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What must happen to a tree of one manifest to become a tree of another. Immutable. */
public final class ChangeSet {

    private final List<ManifestEntry> added;
    private final List<ManifestEntry> dropped;
    private final Map<String, String> references = new HashMap<>();
    private final Map<String, Recipe> recipes = new HashMap<>();
    private final int reused;

    private ChangeSet(List<ManifestEntry> added, List<ManifestEntry> dropped, int unchanged, KnownContent known) {
        this.added = List.copyOf(added);
        this.dropped = List.copyOf(dropped);
        for (ManifestEntry entry : added) {
            known.whole(entry)
                    .ifPresentOrElse(
                            source -> references.put(entry.path(), source),
                            () -> known.recipe(entry).ifPresent(recipe -> recipes.put(entry.path(), recipe)));
        }
        this.reused = unchanged + references.size();
    }

    /**
     * Compares two trees.
     *
     * @param base what is there; empty when there is nothing
     * @param next what is to be there
     * @param tools what the host has to put files together
     * @return the difference
     */
    public static ChangeSet between(Optional<Base> base, Manifest next, HostTools tools) {
        Map<String, ManifestEntry> before = base.map(Base::entries).orElse(Map.of());
        List<ManifestEntry> added = new ArrayList<>();
        List<ManifestEntry> dropped = new ArrayList<>();
        int unchanged = 0;
        for (ManifestEntry entry : next.entries().values()) {
            ManifestEntry old = before.get(entry.path());
            if (entry.isSame(old) && !entry.isOdd()) {
                unchanged += entry.kind() == Kind.DIRECTORY ? 0 : 1;
            } else {
                added.add(entry);
            }
        }
        for (ManifestEntry old : before.values()) {
            ManifestEntry now = next.entries().get(old.path());
            if (now == null || !now.isSame(old)) {
                dropped.add(old);
            }
        }
        boolean pieces = tools.interpreter().isPresent();
        return new ChangeSet(added, dropped, unchanged, new KnownContent(before, added, pieces));
    }

    /**
     * What the tree gets.
     *
     * @return what is new or different, sorted; directories before what they hold
     */
    public List<ManifestEntry> added() {
        return added;
    }

    /**
     * What must not stay.
     *
     * @return what is gone or different, sorted
     */
    public List<ManifestEntry> dropped() {
        return dropped;
    }

    /**
     * How much need not travel.
     *
     * @return files and links that stay as they are, or that the host has under another path
     */
    public int reused() {
        return reused;
    }

    /**
     * What the host makes of other files that it has, because it was renamed or copied.
     *
     * @return path → path in the base
     */
    public Map<String, String> references() {
        return references;
    }

    /** How files are put together of what the host has and of what travels, by path. */
    Map<String, Recipe> recipes() {
        return recipes;
    }

    /**
     * What travels, whole or in part.
     *
     * @return files and links, without directories
     */
    public List<ManifestEntry> sent() {
        return added.stream()
                .filter(entry -> entry.kind() != Kind.DIRECTORY && !references.containsKey(entry.path()))
                .toList();
    }

    /**
     * How much content travels, before compression.
     *
     * @return bytes
     */
    public long bytesToSend() {
        return sent().stream().mapToLong(this::bytesToSend).sum();
    }

    private long bytesToSend(ManifestEntry entry) {
        Recipe recipe = recipes.get(entry.path());
        return recipe == null ? entry.size() : recipe.freshBytes();
    }
}
