package io.github.phpdeploy.transfer;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

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
 * <p>It is built in {@code .php-deploy/staging/<id>}. While the host clones the base there, the difference is sent and
 * unpacked beside the clone; then both are made one and held against the manifest. What the clone turned out to lack,
 * because somebody changed the base, is sent in a further stream.
 */
public final class Upload {

    private static final Script TREE = Script.of(Upload.class, "tree.sh");
    private static final Script CLONE = TREE.then(Script.of(Upload.class, "clone.sh"));
    private static final Script RECEIVE = TREE.then(Script.of(Upload.class, "receive.sh"));
    private static final Script FINISH = TREE.then(Script.of(Upload.class, "finish.sh"));

    /** How long one step may take on a slow host or line before it counts as stuck. */
    private static final Duration LIMIT = Duration.ofHours(2);

    /** How often a tree is mended before it is given up: once for a base that was changed, once for bad luck. */
    private static final int REPAIRS = 2;

    /** Exit codes of the scripts. */
    private static final int ARRIVED_BROKEN = 35;

    private static final int WRONG_MANIFEST = 36;
    private static final int DIFFERS = 38;
    private static final int NAME_TAKEN = 39;

    private final Host host;
    private final String deployPath;
    private final String release;
    private final Instant time;
    private final Optional<Base> base;
    private final LocalTree tree;
    private final UploadProgress progress;

    private int streams;
    private long wire;
    private int filesSent;
    private int repaired;

    /**
     * A tree that the host has.
     *
     * @param release its directory under {@code releases/}
     * @param manifest what it held when it was put there
     */
    public record Base(String release, Manifest manifest) {}

    /** What the clone came to. */
    private record Clone(String how, Set<String> missing) {}

    /**
     * An upload.
     *
     * @param host where to
     * @param deployPath absolute directory on the host
     * @param release the directory under {@code releases/} to make
     * @param time the modification time of all that is sent, in whole seconds; the same on every host, so that all
     *     answer with the same ETag
     * @param base what to start from; empty to send everything
     * @param tree what is to be there
     * @param progress hears how far it is
     */
    public Upload(
            Host host,
            String deployPath,
            String release,
            Instant time,
            Optional<Base> base,
            LocalTree tree,
            UploadProgress progress) {
        this.host = host;
        this.deployPath = deployPath;
        this.release = release;
        this.time = time;
        this.base = base;
        this.tree = tree;
        this.progress = progress;
    }

    /**
     * Uploads.
     *
     * @return what was done
     * @throws PhpDeployException when it could not be done; what is under {@code releases/} is then as it was, and what
     *     is in {@code staging/<id>} may be thrown away
     */
    public UploadReport run() {
        ChangeSet changes = ChangeSet.between(base.map(Base::manifest), tree.manifest());
        CompletableFuture<Clone> cloning = base.map(from ->
                        CompletableFuture.supplyAsync(() -> cloneBase(from), task -> {
                            Thread thread = new Thread(task, "php-deploy-clone-" + host.name());
                            thread.setDaemon(true);
                            thread.start();
                        }))
                .orElseGet(() -> CompletableFuture.completedFuture(new Clone("none", Set.of())));
        send(changes.send(), changes.drop(), Optional.of(changes));
        Clone clone = join(cloning);
        Set<String> sent = new LinkedHashSet<>();
        changes.send().forEach(entry -> sent.add(entry.path()));
        repair(clone.missing.stream().filter(path -> !sent.contains(path)).toList());
        for (int attempt = 0; ; attempt++) {
            ScriptResult result = finish();
            if (result.ok()) {
                int reused = changes.reused() - repaired;
                return new UploadReport(filesSent, Math.max(0, reused), wire, repaired, clone.how);
            }
            if (result.exitCode() == DIFFERS && attempt < REPAIRS) {
                repair(result.lines().stream().map(line -> line.substring(1)).toList());
                continue;
            }
            throw failed(result);
        }
    }

    private static Clone join(CompletableFuture<Clone> cloning) {
        try {
            return cloning.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof PhpDeployException failure ? failure : e;
        }
    }

    private Clone cloneBase(Base from) {
        try (Running running = host.start(CLONE, List.of(deployPath, release, from.release), LIMIT)) {
            ScriptResult result = running.finish();
            if (!result.ok()) {
                throw Complaint.of("release " + from.release + " could not be cloned", host, result);
            }
            String how = "none";
            Set<String> missing = new LinkedHashSet<>();
            for (String line : result.lines()) {
                if (line.startsWith("how ")) {
                    how = Printable.line(line.substring(4));
                } else if (line.startsWith("!")) {
                    missing.add(line.substring(1));
                }
            }
            return new Clone(how, missing);
        }
    }

    /** Sends anew what the clone lacks. Paths that the new tree does not have need nothing. */
    private void repair(List<String> paths) {
        List<ManifestEntry> entries = new ArrayList<>();
        for (String path : paths) {
            ManifestEntry entry = tree.manifest().entries().get(path);
            if (entry != null) {
                entries.add(entry);
            }
        }
        if (!entries.isEmpty()) {
            repaired += entries.size();
            send(entries, entries, Optional.empty());
        }
    }

    /**
     * Sends one stream.
     *
     * @param entries what is new
     * @param drop what must go from the clone first
     * @param manifest the difference that makes the new manifest, in the first stream only
     */
    private void send(List<ManifestEntry> entries, List<ManifestEntry> drop, Optional<ChangeSet> manifest) {
        int number = ++streams;
        List<String> arguments = List.of(deployPath, release, Integer.toString(number), "gzip");
        try (Running running = host.start(RECEIVE, arguments, LIMIT)) {
            UploadStream stream = new UploadStream(number, time, tree, progress, wire, filesSent);
            try {
                stream.write(running.stdin(), entries, drop, manifest, base.isPresent());
            } catch (IOException e) {
                ScriptResult early = running.finish();
                throw early.ok() ? running.failure(e) : failed(early);
            }
            wire = stream.wire();
            filesSent = stream.files();
            ScriptResult result = running.finish();
            if (result.exitCode() == ARRIVED_BROKEN) {
                throw broken(stream, result);
            }
            if (!result.ok()) {
                throw Complaint.of("the new files could not be unpacked", host, result);
            }
        }
    }

    private PhpDeployException broken(UploadStream stream, ScriptResult result) {
        String first = result.lines().stream()
                .filter(line -> line.matches("bad [0-9]{1,9}"))
                .map(line -> Integer.parseInt(line.substring(4)))
                .filter(number -> number >= 1 && number <= stream.checked().size())
                .map(number -> stream.checked().get(number - 1))
                .findFirst()
                .orElse("a file");
        return new PhpDeployException(
                "what arrived on " + host.name() + " is not what was read here at first: " + first,
                "keep what writes to it quiet during a deploy, or exclude it with <excludes>; then run it again");
    }

    private ScriptResult finish() {
        List<String> arguments = List.of(
                deployPath,
                release,
                base.map(Base::release).orElse(""),
                tree.manifest().digest());
        try (Running running = host.start(FINISH, arguments, LIMIT)) {
            return running.finish();
        }
    }

    private PhpDeployException failed(ScriptResult result) {
        return switch (result.exitCode()) {
            case WRONG_MANIFEST ->
                new PhpDeployException(
                        "the manifest of release " + base.map(Base::release).orElse("") + " on " + host.name()
                                + " could not be brought forward",
                        "remove .php-deploy/manifests on " + host.name() + ", so that everything is sent anew");
            case DIFFERS ->
                new PhpDeployException(
                        "the new release on " + host.name() + " does not become what its manifest says, first at "
                                + Printable.line(result.lines().stream()
                                        .findFirst()
                                        .orElse("?")
                                        .substring(1)),
                        "check the file system of " + host.name()
                                + " (does it tell upper from lower case?) and what else writes there");
            case NAME_TAKEN ->
                new PhpDeployException(
                        "release " + release + " exists on " + host.name() + " already",
                        "choose another with -Dphp.release");
            default -> Complaint.of("the new release could not be put together", host, result);
        };
    }
}
