package io.github.phpdeploy.transfer;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

import io.github.phpdeploy.PhpDeployException;

/** One compressed tar as {@code upload.sh} expects it: lists under {@code ctl<N>/}, new content under {@code in/}. */
final class UploadStream {

    private static final int BUFFER = 64 * 1024;

    private final String lists;
    private final long seconds;
    private final LocalTree tree;
    private final UploadProgress progress;
    private int files;
    private long content;
    private Counter wire;
    private final long wireBefore;

    UploadStream(int number, Instant time, LocalTree tree, UploadProgress progress, long wireBefore, int filesBefore) {
        this.lists = "ctl" + number + "/";
        this.seconds = time.getEpochSecond();
        this.tree = tree;
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
     * @param changes what to send and to drop
     * @param hasBase whether the host has a base whose manifest the difference is to
     * @param note what is kept beside the tree
     */
    void write(OutputStream out, ChangeSet changes, boolean hasBase, String note) throws IOException {
        try (TarWriter tar = tar(out)) {
            tar.file(lists + "digest", (tree.manifest().digest() + "\n").getBytes(StandardCharsets.US_ASCII));
            tar.file(
                    lists + "added",
                    hasBase ? lines(changes.send()) : tree.manifest().bytes());
            tar.file(lists + "gone", gone(changes));
            tar.file(lists + "note", 0600, (note + "\n").getBytes(StandardCharsets.UTF_8));
            write(tar, changes.send());
        }
    }

    /** Writes a further stream, with what turned out to be missing. */
    void write(OutputStream out, List<ManifestEntry> entries) throws IOException {
        try (TarWriter tar = tar(out)) {
            tar.file(lists + "added", lines(entries));
            tar.file(lists + "gone", new byte[0]);
            write(tar, entries);
        }
    }

    private TarWriter tar(OutputStream out) throws IOException {
        wire = new Counter(out);
        return new TarWriter(new BufferedOutputStream(new ParallelGzip(wire), BUFFER), seconds);
    }

    private void write(TarWriter tar, List<ManifestEntry> entries) throws IOException {
        odd(tar, entries);
        for (ManifestEntry entry : entries) {
            send(tar, entry);
            progress.sent(files, content, wire());
        }
        tar.file(lists + "end", new byte[0]);
    }

    private static byte[] lines(List<ManifestEntry> entries) {
        StringBuilder lines = new StringBuilder();
        entries.forEach(entry -> lines.append(entry.line()).append('\n'));
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The paths of what is there no more; what is there as something else is told by what is added. */
    private byte[] gone(ChangeSet changes) {
        StringBuilder gone = new StringBuilder();
        for (ManifestEntry entry : changes.drop()) {
            ManifestEntry now = tree.manifest().entries().get(entry.path());
            if (!entry.isOdd() && (now == null || now.isOdd())) {
                gone.append(entry.key()).append('\n');
            }
        }
        return gone.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Files whose names the host's tools cannot tell line by line are listed apart. */
    private void odd(TarWriter tar, List<ManifestEntry> entries) throws IOException {
        ByteArrayOutputStream paths = new ByteArrayOutputStream();
        StringBuilder hashes = new StringBuilder();
        for (ManifestEntry entry : entries) {
            if (entry.kind() == Kind.FILE && entry.isOdd()) {
                paths.write(listed(entry));
                hashes.append(entry.hash()).append('\n');
            }
        }
        if (paths.size() > 0) {
            tar.file(lists + "odd", paths.toByteArray());
            tar.file(lists + "odd.hashes", hashes.toString().getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static byte[] listed(ManifestEntry entry) {
        return ("./" + entry.path() + "\0").getBytes(StandardCharsets.UTF_8);
    }

    private void send(TarWriter tar, ManifestEntry entry) throws IOException {
        String name = "in/" + entry.path();
        switch (entry.kind()) {
            case DIRECTORY -> tar.directory(name + "/");
            case LINK -> {
                tar.link(name, entry.target());
                files++;
            }
            case FILE -> {
                Path source = tree.sources().get(entry.path());
                try (InputStream in = new Watched(open(source))) {
                    long size = tar.file(name, entry.executable(), entry.size(), in);
                    if (size != entry.size()) {
                        throw changed(source, null);
                    }
                }
                files++;
                content += entry.size();
            }
        }
    }

    private static InputStream open(Path source) {
        try {
            return Files.newInputStream(source);
        } catch (IOException e) {
            throw changed(source, e);
        }
    }

    private static PhpDeployException changed(Path source, IOException cause) {
        return new PhpDeployException(
                "the file " + source + " changed or vanished while it was sent",
                "keep what writes to it quiet during a deploy, or exclude it with <excludes>; then run it again",
                cause);
    }

    /** Tells how far it is while a file is sent, which may be a large one. */
    private final class Watched extends FilterInputStream {

        private long read;

        Watched(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            progress.sent(files, content + read, wire());
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
