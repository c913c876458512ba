package io.github.phpdeploy.transfer;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What of the content of new files a host has already, under whatever path. */
final class KnownContent {

    /** A recipe must spare at least a quarter of the file to be worth the host's work. */
    private static final int WORTHWHILE = 4;

    private final Map<String, String> wholes = new HashMap<>();
    private final Map<String, Place> chunks = new HashMap<>();
    private final Map<String, ManifestEntry> base;

    private record Place(String path, int index) {}

    /**
     * Looks through what a host has.
     *
     * @param base what it has
     * @param wanted what is needed; nothing else is remembered
     * @param pieces whether parts of files are of use
     */
    KnownContent(Map<String, ManifestEntry> base, Collection<ManifestEntry> wanted, boolean pieces) {
        this.base = base;
        Set<String> contents = new HashSet<>();
        boolean large = false;
        for (ManifestEntry entry : wanted) {
            if (entry.kind() == Kind.FILE && entry.size() > 0) {
                contents.add(content(entry));
                large |= !entry.chunks().isNone();
            }
        }
        if (contents.isEmpty()) {
            return;
        }
        for (ManifestEntry entry : base.values()) {
            if (entry.kind() != Kind.FILE || entry.isOdd()) {
                continue;
            }
            String content = content(entry);
            if (contents.contains(content)) {
                wholes.putIfAbsent(content, entry.path());
            }
            for (int i = 0; pieces && large && i < entry.chunks().count(); i++) {
                chunks.putIfAbsent(entry.chunks().digest(i), new Place(entry.path(), i));
            }
        }
    }

    /** What two files with the same content, and the same executable bit, have in common; others seldom. */
    private static String content(ManifestEntry entry) {
        return entry.hash().substring(0, Manifest.BRIEF_HASH) + (entry.executable() ? 'x' : '-');
    }

    /** Where the host has a file just like this; its hash is checked there. */
    Optional<String> whole(ManifestEntry file) {
        if (file.kind() != Kind.FILE || file.isOdd() || file.size() == 0) {
            return Optional.empty();
        }
        return Optional.ofNullable(wholes.get(content(file)));
    }

    /** How the host makes this of what it has, where that spares enough. */
    Optional<Recipe> recipe(ManifestEntry file) {
        if (chunks.isEmpty() || file.chunks().isNone()) {
            return Optional.empty();
        }
        Recipe.Builder recipe = new Recipe.Builder();
        Place last = null;
        long offset = 0;
        long fresh = 0;
        for (int i = 0; i < file.chunks().count(); i++) {
            Place place = next(last, file.chunks().digest(i));
            int length = file.chunks().length(i);
            if (place == null) {
                recipe.fresh(i, offset, length);
                fresh += length;
            } else {
                recipe.known(place.path(), place.index());
            }
            offset += length;
            last = place;
        }
        return fresh <= file.size() - file.size() / WORTHWHILE ? Optional.of(recipe.of(file)) : Optional.empty();
    }

    /** A chunk's place: behind the one before where it is there too, so that long rows are copied in one go. */
    private Place next(Place last, String digest) {
        if (last != null) {
            Chunks row = base.get(last.path()).chunks();
            int index = last.index() + 1;
            if (index < row.count() && row.digests().startsWith(digest, index * Chunks.DIGEST)) {
                return new Place(last.path(), index);
            }
        }
        return chunks.get(digest);
    }
}
