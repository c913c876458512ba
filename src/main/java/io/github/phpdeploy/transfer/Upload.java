package io.github.phpdeploy.transfer;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Complaint;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.host.Running;
import io.github.phpdeploy.host.Script;
import io.github.phpdeploy.host.ScriptResult;

/**
 * Puts one tree on one host: {@code releases/<id>} under the deploy path, complete, checked, and never seen before it is.
 *
 * <p>It is built in {@code .php-deploy/staging/<id>}. The host clones the base there as soon as the upload has begun; the
 * difference is sent and unpacked beside the clone; then both are made one and held against the manifest. What the clone
 * turns out to lack, because somebody changed the base, is sent in a further stream.
 */
public final class Upload implements Uploading {

    private static final Script UPLOAD = Script.of(Upload.class, "hash.sh")
            .then(Script.of(Upload.class, "tree.sh"))
            .then(Script.of(Upload.class, "clone.sh"))
            .then(Script.of(Upload.class, "derive.sh"))
            .then(Script.of(Upload.class, "judge.sh"))
            .then(Script.of(Upload.class, "upload.sh"));

    /** How long one step may take on a slow host or line before it counts as stuck. */
    private static final Duration LIMIT = Duration.ofHours(2);

    /** How often a tree is mended before it is given up: once for a base that was changed, once for bad luck. */
    private static final int REPAIRS = 2;

    /** From how many bytes on zstd, which the JVM has to compile first, is done before gzip. */
    private static final long WORTH_ZSTD = 8 << 20;

    private static final int WARNING_JVM = 24;

    /** Exit codes of the script. */
    private static final int NOT_CLONED = 32;

    private static final int NOT_UNPACKED = 34;
    private static final int ARRIVED_BROKEN = 35;
    private static final int WRONG_MANIFEST = 36;
    private static final int DIFFERS = 38;
    private static final int NAME_TAKEN = 39;

    private final Host host;
    private final String deployPath;
    private final String release;
    private final Optional<Base> base;
    private final HostTools tools;

    private Running running;
    private boolean sent;
    private int streams = 1;
    private long wire;
    private int filesSent;
    private int repaired;

    private Upload(Host host, String deployPath, String release, Optional<Base> base, HostTools tools) {
        this.host = host;
        this.deployPath = deployPath;
        this.release = release;
        this.base = base;
        this.tools = tools;
        start();
    }

    /**
     * Begins an upload: the host clones the base.
     *
     * @param host where to
     * @param deployPath absolute directory on the host
     * @param release the directory under {@code releases/} to make
     * @param base what to start from; empty to send everything
     * @param tools what the host has that makes it shorter
     * @return the upload, to be closed
     */
    public static Upload begin(Host host, String deployPath, String release, Optional<Base> base, HostTools tools) {
        return new Upload(host, deployPath, release, base, tools);
    }

    private void start() {
        String from = streams == 1 ? base.map(Base::release).orElse("") : "";
        running = host.start(UPLOAD, List.of(deployPath, release, Integer.toString(streams), from), LIMIT);
    }

    /**
     * Sends what the host does not have.
     *
     * @param tree what is to be there
     * @param changes how it differs from the base
     * @param time the modification time of all that is sent, in whole seconds; the same on every host, so that all
     *     answer with the same ETag
     * @param note one line that is kept beside the tree, in {@code .php-deploy/releases/<id>.json}
     * @param progress hears how far it is
     * @return what was done
     * @throws UnusableBaseException when the base is not what was known of it
     * @throws PhpDeployException when it could not be done; what is under {@code releases/} is then as it was, and what
     *     is in {@code staging/<id>} may be thrown away
     */
    @Override
    public UploadReport send(LocalTree tree, ChangeSet changes, Instant time, String note, UploadProgress progress) {
        Codec codec = codec(changes.bytesToSend());
        UploadStream first = new UploadStream(streams, time, codec, progress, 0, 0);
        ScriptResult result =
                send(first, () -> first.write(running.stdin(), tree, changes, base.isPresent(), note, tools));
        return complete(result, tree, changes.reused(), time, codec, progress);
    }

    @Override
    public UploadReport sendAll(
            List<TreeFile> files,
            Supplier<LocalTree> read,
            Instant time,
            Function<LocalTree, String> note,
            UploadProgress progress) {
        Codec codec = codec(files.stream().mapToLong(TreeFile::size).sum());
        UploadStream first = new UploadStream(streams, time, codec, progress, 0, 0);
        ScriptResult result = send(first, () -> first.writeAll(running.stdin(), files, read, note));
        return complete(result, read.get(), 0, time, codec, progress);
    }

    /** Sends what turns out to be missing. */
    private UploadReport complete(
            ScriptResult first, LocalTree tree, int reused, Instant time, Codec codec, UploadProgress progress) {
        ScriptResult result = first;
        for (int attempt = 0; result.exitCode() == DIFFERS && attempt < REPAIRS; attempt++) {
            List<ManifestEntry> missing = missing(tree, result);
            repaired += missing.size();
            streams++;
            start();
            UploadStream next = new UploadStream(streams, time, codec, progress, wire, filesSent);
            result = send(next, () -> next.write(running.stdin(), tree, missing));
        }
        if (!result.ok()) {
            throw failed(result);
        }
        String cloned = result.lines().stream()
                .filter(line -> line.startsWith("how "))
                .map(line -> Printable.line(line.substring(4)))
                .findFirst()
                .orElse("none");
        return new UploadReport(filesSent, Math.max(0, reused - repaired), wire, repaired, cloned);
    }

    /** zstd where there is enough to compress, and a JVM that lets the library use memory without a warning (JEP 471). */
    private Codec codec(long bytes) {
        boolean zstd = tools.zstd() && bytes >= WORTH_ZSTD && Runtime.version().feature() < WARNING_JVM;
        return zstd ? new ZstdCodec() : new GzipCodec();
    }

    /** What writes a stream. */
    private interface Writing {
        void write() throws IOException;
    }

    private ScriptResult send(UploadStream stream, Writing writing) {
        sent = true;
        try (Running script = running) {
            try {
                writing.write();
            } catch (IOException e) {
                ScriptResult early = script.finish();
                throw early.ok() ? script.failure(e) : failed(early);
            }
            wire = stream.wire();
            filesSent = stream.files();
            return script.finish();
        }
    }

    /** What the host lacks. Paths that the new tree does not have need nothing. */
    private static List<ManifestEntry> missing(LocalTree tree, ScriptResult result) {
        List<ManifestEntry> entries = new ArrayList<>();
        for (String line : result.lines()) {
            ManifestEntry entry =
                    line.startsWith("!") ? tree.manifest().entries().get(line.substring(1)) : null;
            if (entry != null) {
                entries.add(entry);
            }
        }
        return entries;
    }

    private PhpDeployException failed(ScriptResult result) {
        return switch (result.exitCode()) {
            case NOT_CLONED ->
                Complaint.of(
                        base.map(from -> "release " + from.release() + " could not be cloned")
                                .orElse("the new release could not be put together"),
                        host,
                        result);
            case NOT_UNPACKED -> Complaint.of("the new files could not be unpacked", host, result);
            case ARRIVED_BROKEN ->
                new SourceChangedException(
                        "what arrived on " + host.name() + " is not what was read here at first: "
                                + said(result, "bad ", "a file"),
                        null);
            case WRONG_MANIFEST ->
                new UnusableBaseException(
                        "the manifest of release " + base.map(Base::release).orElse("") + " on " + host.name()
                                + " could not be brought forward",
                        "remove .php-deploy/manifests on " + host.name() + ", so that everything is sent anew");
            case DIFFERS ->
                new PhpDeployException(
                        "the new release on " + host.name() + " does not become what its manifest says, first at "
                                + said(result, "!", "?"),
                        "check the file system of " + host.name()
                                + " (does it tell upper from lower case?) and what else writes there");
            case NAME_TAKEN ->
                new PhpDeployException(
                        "release " + release + " exists on " + host.name() + " already",
                        "choose another with -Dphp.release");
            default -> Complaint.of("the new release could not be put together", host, result);
        };
    }

    private static String said(ScriptResult result, String word, String otherwise) {
        return result.lines().stream()
                .filter(line -> line.startsWith(word))
                .map(line -> Printable.line(line.substring(word.length())))
                .findFirst()
                .orElse(otherwise);
    }

    /**
     * Ends an upload that was not sent, and waits until the host has stopped cloning: only then what is left of it may be
     * thrown away.
     */
    @Override
    public void close() {
        if (!sent) {
            sent = true;
            try {
                running.finish();
            } catch (PhpDeployException ignored) {
                // the connection is gone; the next deploy finds the remains
            }
        }
    }
}
