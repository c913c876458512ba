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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

import io.github.phpdeploy.PhpDeployException;

/**
 * One compressed tar as {@code receive.sh} expects it: lists under {@code ctl<N>/}, new content under {@code in/}.
 *
 * <p>The lists: {@code drop}, what must go from the clone (NUL-separated, {@code ./} in front); {@code files} and
 * {@code odd}, what is checked on arrival, likewise, and {@code hashes}, what they must be, a line each; for the
 * manifest {@code gone} and {@code added}, its keys and lines, or without a base {@code manifest}; {@code end}, empty,
 * the last entry of the tar.
 */
final class UploadStream {

    private static final int GZIP_BUFFER = 64 * 1024;

    private final String lists;
    private final long seconds;
    private final LocalTree tree;
    private final UploadProgress progress;
    private final List<String> checked = new ArrayList<>();
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

    /** The paths in the order in which the host checks them. */
    List<String> checked() {
        return checked;
    }

    void write(
            OutputStream out,
            List<ManifestEntry> entries,
            List<ManifestEntry> drop,
            Optional<ChangeSet> manifest,
            boolean hasBase)
            throws IOException {
        wire = new Counter(out);
        try (TarWriter tar = new TarWriter(
                new BufferedOutputStream(new GZIPOutputStream(wire, GZIP_BUFFER), GZIP_BUFFER), seconds)) {
            lists(tar, entries, drop);
            if (manifest.isPresent()) {
                manifest(tar, manifest.get(), hasBase);
            }
            for (ManifestEntry entry : entries) {
                send(tar, entry);
                progress.sent(files, content, wire());
            }
            tar.file(lists + "end", new byte[0]);
        }
    }

    private void lists(TarWriter tar, List<ManifestEntry> entries, List<ManifestEntry> drop) throws IOException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        ByteArrayOutputStream odd = new ByteArrayOutputStream();
        StringBuilder hashes = new StringBuilder();
        StringBuilder oddHashes = new StringBuilder();
        List<String> oddPaths = new ArrayList<>();
        for (ManifestEntry entry : entries) {
            if (entry.kind() == Kind.FILE) {
                (entry.isOdd() ? odd : plain).write(listed(entry));
                (entry.isOdd() ? oddHashes : hashes).append(entry.hash()).append('\n');
                (entry.isOdd() ? oddPaths : checked).add(entry.path());
            }
        }
        checked.addAll(oddPaths);
        ByteArrayOutputStream dropped = new ByteArrayOutputStream();
        for (ManifestEntry entry : drop) {
            dropped.write(listed(entry));
        }
        tar.file(lists + "drop", dropped.toByteArray());
        tar.file(lists + "files", plain.toByteArray());
        tar.file(lists + "odd", odd.toByteArray());
        tar.file(lists + "hashes", hashes.append(oddHashes).toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] listed(ManifestEntry entry) {
        return ("./" + entry.path() + "\0").getBytes(StandardCharsets.UTF_8);
    }

    private void manifest(TarWriter tar, ChangeSet changes, boolean hasBase) throws IOException {
        if (!hasBase) {
            tar.file(lists + "manifest", tree.manifest().bytes());
            return;
        }
        StringBuilder gone = new StringBuilder();
        StringBuilder added = new StringBuilder();
        // what is odd is sent each time, but its line in the manifest may stand already
        changes.drop().forEach(entry -> gone.append(entry.key()).append('\n'));
        for (ManifestEntry entry : changes.send()) {
            if (entry.isOdd()) {
                gone.append(entry.key()).append('\n');
            }
            added.append(entry.line()).append('\n');
        }
        tar.file(lists + "gone", gone.toString().getBytes(StandardCharsets.UTF_8));
        tar.file(lists + "added", added.toString().getBytes(StandardCharsets.UTF_8));
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
