package io.github.phpdeploy.transfer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;

/** What {@code upload.sh} is told of a stream's content, in front of it: the files under {@code ctl<N>/}. */
final class StreamLists {

    private final TarWriter tar;
    private final String folder;

    /**
     * The lists of a stream.
     *
     * @param tar where they go
     * @param number the stream's, from 1
     */
    StreamLists(TarWriter tar, int number) {
        this.tar = tar;
        this.folder = "ctl" + number + "/";
    }

    /** What is new, as the manifest's lines; the chunks of what is put together there come from there. */
    void added(List<ManifestEntry> entries, ChangeSet changes) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (ManifestEntry entry : entries) {
            ManifestEntry listed = changes.recipes().containsKey(entry.path()) ? entry.with(Chunks.NONE) : entry;
            listed.appendTo(lines);
        }
        text("added", lines);
    }

    void added(List<ManifestEntry> entries) throws IOException {
        StringBuilder lines = new StringBuilder();
        entries.forEach(entry -> entry.appendTo(lines));
        text("added", lines);
    }

    void whole(Manifest manifest) throws IOException {
        tar.file(folder + "added", manifest.bytes());
    }

    void digest(Manifest manifest) throws IOException {
        text("digest", manifest.digest() + "\n");
    }

    void note(String note) throws IOException {
        tar.file(folder + "note", 0600, (note + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The paths of what is there no more; what is there as something else is told by what is added. */
    void gone(ChangeSet changes, Manifest next) throws IOException {
        StringBuilder gone = new StringBuilder();
        for (ManifestEntry entry : changes.dropped()) {
            ManifestEntry now = next.entries().get(entry.path());
            if (!entry.isOdd() && (now == null || now.isOdd())) {
                gone.append(entry.key()).append('\n');
            }
        }
        text("gone", gone);
    }

    void nothingGone() throws IOException {
        text("gone", "");
    }

    /** Files whose names the host's tools cannot tell line by line are listed apart. */
    void odd(Collection<ManifestEntry> entries) throws IOException {
        ByteArrayOutputStream paths = new ByteArrayOutputStream();
        StringBuilder hashes = new StringBuilder();
        for (ManifestEntry entry : entries) {
            if (entry.kind() == Kind.FILE && entry.isOdd()) {
                paths.write(("./" + entry.path() + "\0").getBytes(StandardCharsets.UTF_8));
                hashes.append(entry.hash()).append('\n');
            }
        }
        if (paths.size() > 0) {
            tar.file(folder + "odd", paths.toByteArray());
            text("odd.hashes", hashes);
        }
    }

    /** What the host makes itself, and how; returns the recipes in the order of their numbers, from 1. */
    List<Recipe> derived(ChangeSet changes, String interpreter) throws IOException {
        StringBuilder targets = new StringBuilder();
        for (ManifestEntry entry : changes.added()) {
            if (changes.references().containsKey(entry.path())
                    || changes.recipes().containsKey(entry.path())) {
                targets.append(entry.path()).append('\n');
            }
        }
        if (targets.isEmpty()) {
            return List.of();
        }
        text("derived", targets);
        text("refs", References.text(changes.references()));
        List<Recipe> recipes = changes.added().stream()
                .map(entry -> changes.recipes().get(entry.path()))
                .filter(recipe -> recipe != null)
                .toList();
        if (!recipes.isEmpty()) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < recipes.size(); i++) {
                text.append(recipes.get(i).text(i + 1));
            }
            text("recipes", text);
            String script = "assemble." + interpreter;
            try (InputStream in = StreamLists.class.getResourceAsStream(script)) {
                tar.file(folder + script, in.readAllBytes());
            }
        }
        return recipes;
    }

    /** The last entry of a stream: without it, something was cut off. */
    void end() throws IOException {
        text("end", "");
    }

    private void text(String name, CharSequence text) throws IOException {
        tar.file(folder + name, text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
