package io.github.phpdeploy.transfer;

import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** One compressed tar as {@code upload.sh} expects it: lists under {@code ctl<N>/}, new content under {@code in/}. */
final class UploadStream {

    private static final int BUFFER = 64 * 1024;

    /** How often somebody is told how far it is, in bytes of content and in files. */
    private static final long TELL_BYTES = 128 * 1024;

    private static final int TELL_FILES = 64;

    private final int number;
    private final long seconds;
    private final Codec codec;
    private final UploadProgress progress;
    private int files;
    private long content;
    private Counter wire;
    private final long wireBefore;

    UploadStream(int number, Instant time, Codec codec, UploadProgress progress, long wireBefore, int filesBefore) {
        this.number = number;
        this.seconds = time.getEpochSecond();
        this.codec = codec;
        this.progress = progress;
        this.wireBefore = wireBefore;
        this.files = filesBefore;
    }

    /** Bytes that have travelled, with those of the streams before. */
    long wire() {
        return wireBefore + wire.count;
    }

    /** Files and links that have travelled, with those of the streams before. */
    int files() {
        return files;
    }

    /**
     * Writes the first stream.
     *
     * @param tree what is to be there
     * @param changes what to send and to drop
     * @param hasBase whether the host has a base whose manifest the difference is to
     * @param note what is kept beside the tree
     * @param tools what the host puts files together with
     */
    void write(OutputStream out, LocalTree tree, ChangeSet changes, boolean hasBase, String note, HostTools tools)
            throws IOException {
        try (TarWriter tar = tar(out)) {
            StreamLists lists = new StreamLists(tar, number);
            lists.digest(tree.manifest());
            if (hasBase) {
                lists.added(changes.added(), changes);
            } else {
                lists.whole(tree.manifest());
            }
            lists.gone(changes, tree.manifest());
            lists.note(note);
            lists.odd(changes.added());
            List<Recipe> recipes = lists.derived(changes, tools.interpreter().orElse(""));
            for (ManifestEntry entry : changes.added()) {
                if (!changes.references().containsKey(entry.path())
                        && !changes.recipes().containsKey(entry.path())) {
                    send(tar, tree, entry);
                }
            }
            for (int i = 0; i < recipes.size(); i++) {
                send(tar, tree, i + 1, recipes.get(i));
            }
            lists.end();
            progress.sent(files, content, wire());
        }
    }

    /**
     * Writes the first and only stream of a tree of which the host has nothing, with the lists behind the content, so that it
     * can be read meanwhile.
     *
     * @param found what is to be there
     * @param read waits until all of it has been read
     * @param note makes what is kept beside the tree
     */
    void writeAll(OutputStream out, List<TreeFile> found, Supplier<LocalTree> read, Function<LocalTree, String> note)
            throws IOException {
        try (TarWriter tar = tar(out)) {
            for (TreeFile file : found) {
                send(tar, file);
            }
            LocalTree tree = read.get();
            tree.checkSame(found);
            StreamLists lists = new StreamLists(tar, number);
            lists.digest(tree.manifest());
            lists.whole(tree.manifest());
            lists.nothingGone();
            lists.note(note.apply(tree));
            lists.odd(tree.manifest().entries().values());
            lists.end();
            progress.sent(files, content, wire());
        }
    }

    private void send(TarWriter tar, TreeFile file) throws IOException {
        String name = "in/" + file.path();
        switch (file.kind()) {
            case DIRECTORY -> tar.directory(name + "/");
            case LINK -> {
                tar.link(name, file.target());
                files++;
            }
            case FILE -> send(tar, name, file.executable(), file.size(), file.source(), open(file.source()));
        }
        tell();
    }

    /** Writes a further stream, with what turned out to be missing. */
    void write(OutputStream out, LocalTree tree, List<ManifestEntry> entries) throws IOException {
        try (TarWriter tar = tar(out)) {
            StreamLists lists = new StreamLists(tar, number);
            lists.added(entries);
            lists.nothingGone();
            lists.odd(entries);
            for (ManifestEntry entry : entries) {
                send(tar, tree, entry);
            }
            lists.end();
        }
    }

    private TarWriter tar(OutputStream out) throws IOException {
        wire = new Counter(out);
        wire.write((codec.program() + "\n").getBytes(StandardCharsets.US_ASCII));
        return new TarWriter(new BufferedOutputStream(new ParallelCompressor(wire, codec), BUFFER), seconds);
    }

    private void send(TarWriter tar, LocalTree tree, ManifestEntry entry) throws IOException {
        String name = "in/" + entry.path();
        switch (entry.kind()) {
            case DIRECTORY -> tar.directory(name + "/");
            case LINK -> {
                tar.link(name, entry.target());
                files++;
            }
            case FILE -> {
                Path source = tree.sources().get(entry.path());
                send(tar, name, entry.executable(), entry.size(), source, open(source));
            }
        }
        tell();
    }

    private void tell() {
        if (files % TELL_FILES == 0) {
            progress.sent(files, content, wire());
        }
    }

    private void send(TarWriter tar, LocalTree tree, int number, Recipe recipe) throws IOException {
        Path source = tree.sources().get(recipe.file().path());
        InputStream pieces;
        try {
            pieces = new FreshBytes(source, recipe);
        } catch (IOException e) {
            throw new SourceChangedException(source, e);
        }
        send(tar, "fresh/" + number, recipe.file().executable(), recipe.freshBytes(), source, pieces);
        tell();
    }

    private void send(TarWriter tar, String name, boolean executable, long size, Path source, InputStream bytes)
            throws IOException {
        try (InputStream in = new Watched(bytes)) {
            if (tar.file(name, executable, size, in) != size) {
                throw new SourceChangedException(source, null);
            }
        }
        files++;
        content += size;
    }

    private static InputStream open(Path source) {
        try {
            return SourceFiles.open(source);
        } catch (IOException e) {
            throw new SourceChangedException(source, e);
        }
    }

    /** Tells how far it is while a file is sent, which may be a large one. */
    private final class Watched extends FilterInputStream {

        private long read;
        private long told;

        Watched(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (read - told >= TELL_BYTES) {
                told = read;
                progress.sent(files, content + read, wire());
            }
            int count = in.read(bytes, offset, length);
            read += Math.max(0, count);
            return count;
        }
    }

    /** Counts what travels. */
    private static final class Counter extends FilterOutputStream {

        private long count;

        Counter(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            count += length;
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            count++;
        }
    }
}
