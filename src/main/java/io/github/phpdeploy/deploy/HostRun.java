package io.github.phpdeploy.deploy;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.release.LockHolder;
import io.github.phpdeploy.release.Release;
import io.github.phpdeploy.release.Site;
import io.github.phpdeploy.release.SiteLock;
import io.github.phpdeploy.release.SiteState;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.transfer.Base;
import io.github.phpdeploy.transfer.Manifests;
import io.github.phpdeploy.transfer.ReleaseTrees;
import io.github.phpdeploy.transfer.UploadReport;
import io.github.phpdeploy.transfer.Uploading;

/**
 * One host on its way through a deploy or a rollback: its connection, its lock, what was there before, and how long each
 * stage took. Used by one thread at a time.
 */
final class HostRun {

    private final Target target;
    private final HostConnector connector;
    private final ShellUse needs;
    private final DeployLog log;
    private final Map<Stage, Long> phases = new EnumMap<>(Stage.class);
    private Host host;
    private Access access;
    private SiteLock lock;
    private SiteState before;
    private volatile PhpDeployException failure;
    private Supplier<Optional<Manifests.Known>> lookForManifest;
    private Supplier<Set<String>> lookForShared;
    private CompletableFuture<Optional<Manifests.Known>> known;
    private CompletableFuture<Set<String>> missing;
    private Optional<Base> base = Optional.empty();
    private Uploading uploading;
    private UploadReport upload;
    private Runtime.Service service;
    private String live = "";
    private boolean switched;
    private boolean isBack;
    private boolean undone;
    private Runnable undrain;

    /**
     * A host.
     *
     * @param needs what it must be able to run
     */
    HostRun(Target target, HostConnector connector, ShellUse needs, DeployLog log) {
        this.target = target;
        this.connector = connector;
        this.needs = needs;
        this.log = log;
    }

    void connect() {
        long begin = System.nanoTime();
        host = connector.connect(target);
        access = new Access(target, host, needs, why -> log.sendingFiles(name(), why));
        log.connected(name(), millisSince(begin));
    }

    void lock(LockHolder holder, Duration wait) {
        lock = ask(site -> site.lock(holder, wait, other -> log.waitingForLock(name(), other.describe())));
        before = lock.state();
        lock.leftBehind()
                .ifPresent(gone -> log.remains(name(), "the lock of " + gone.describe() + ", whose build is gone"));
    }

    /** Looks at the site without the lock. */
    void look() {
        before = ask(Site::inspect);
    }

    /** Asks for something that any way can answer; when that shows that another is needed, what was begun begins anew. */
    private <T> T ask(Function<Site, T> question) {
        Way first = access.way();
        T answer = access.ask(way -> question.apply(way.site()));
        if (access.way() != first) {
            lookAgain();
        }
        return answer;
    }

    /** Chooses how what is new gets to this host, before anything is changed there. */
    void chooseTransfer() {
        if (access.choose(before)) {
            lookAgain();
        }
    }

    String name() {
        return target.name();
    }

    Target target() {
        return target;
    }

    Host host() {
        return host;
    }

    Site site() {
        return access.way().site();
    }

    ReleaseTrees trees() {
        return access.way().trees();
    }

    Workshop workshop() {
        return access.way().workshop();
    }

    SiteLock lock() {
        return lock;
    }

    boolean isLocked() {
        return lock != null;
    }

    SiteState before() {
        return before;
    }

    /** The release that was current before; empty for none. */
    String previous() {
        return before == null ? "" : before.current().map(Release::id).orElse("");
    }

    /** What to call what was current before: the release, or whatever else the link pointed to; empty for nothing. */
    String previousName() {
        return previous().isEmpty() && before != null
                ? Printable.line(before.link().orElse(""))
                : previous();
    }

    /** What {@code current} pointed to before, as it stood in the link. */
    Optional<String> previousLink() {
        return before.link();
    }

    /**
     * Begins to look at what does not need the lock, while that is being taken: what the current release holds, and what
     * is shared.
     */
    void lookAhead(Supplier<Optional<Manifests.Known>> manifest, Supplier<Set<String>> shared) {
        lookForManifest = manifest;
        lookForShared = shared;
        lookAgain();
    }

    private void lookAgain() {
        if (lookForManifest != null) {
            known = inBackground(lookForManifest);
            missing = inBackground(lookForShared);
        }
    }

    /** What the host said of its current release, if it has one. */
    Optional<Manifests.Known> currentManifest() {
        return await(known);
    }

    /** Shared paths that are not there yet. */
    Set<String> missingShared() {
        return await(missing);
    }

    private <T> CompletableFuture<T> inBackground(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, task -> {
            Thread thread = new Thread(task, "php-deploy-look-" + name());
            thread.setDaemon(true);
            thread.start();
        });
    }

    /** The result of something in the background, or its failure. */
    static <T> T await(CompletableFuture<T> work) {
        try {
            return work.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof PhpDeployException failed ? failed : e;
        }
    }

    /** What runs the code here, as it was found. */
    Runtime.Service service() {
        return service;
    }

    void service(Runtime.Service found) {
        service = found;
    }

    /** What the runtime has to tell programs. */
    Map<String, String> runtimeFacts() {
        return service == null ? Map.of() : service.facts();
    }

    /** What the new release starts from. */
    Optional<Base> base() {
        return base;
    }

    void base(Optional<Base> from) {
        base = from;
    }

    /** The upload that was begun. */
    Uploading uploading() {
        return uploading;
    }

    void uploading(Uploading begun) {
        uploading = begun;
    }

    /** What the upload did; null before it ended. */
    UploadReport upload() {
        return upload;
    }

    void uploaded(UploadReport report) {
        upload = report;
    }

    /** Remembers, before it happens, that {@code current} may from now on be another release. */
    void switching(String release) {
        switched = true;
        live = release;
    }

    /** It turned out that nothing was switched. */
    void notSwitched() {
        switched = false;
    }

    /** {@code current} leads where it did; what runs the code may still have to follow. */
    void switchedBack() {
        isBack = true;
        live = previousName();
    }

    /** What runs the code has followed. */
    void undone() {
        undone = true;
    }

    /** Whether {@code current} leads where it did. */
    boolean isBack() {
        return isBack;
    }

    /** Remembers, before it happens, that this host may get no requests from now on, and what brings them back. */
    void drained(Runnable undo) {
        undrain = undo;
    }

    /** Has this host get requests again, where it was drained. */
    void undrain() {
        if (undrain != null) {
            undrain.run();
            undrain = null;
        }
    }

    /** Whether it gets no requests, because it was drained. */
    boolean isDrained() {
        return undrain != null;
    }

    /** Whether {@code current} was, or may have been, switched. */
    boolean isSwitched() {
        return switched;
    }

    /** Whether it was switched back, and executes what it did. */
    boolean isUndone() {
        return undone;
    }

    /** The release that is current now, as far as we know; empty for none. */
    String current() {
        return switched ? live : previousName();
    }

    Map<Stage, Long> phases() {
        return phases;
    }

    PhpDeployException failure() {
        return failure;
    }

    void forgetFailure() {
        failure = null;
    }

    void timed(Stage stage, Runnable work) {
        long begin = System.nanoTime();
        try {
            work.run();
        } finally {
            phases.merge(stage, millisSince(begin), Long::sum);
        }
    }

    void keepingFailure(Runnable work) {
        try {
            work.run();
        } catch (PhpDeployException e) {
            failure = failure == null ? e : failure;
        }
    }

    private static long millisSince(long begin) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }

    /** Has the host stop what an upload that failed had begun. */
    void endUpload() {
        if (uploading != null) {
            uploading.close();
        }
    }

    void close() {
        endUpload();
        if (lock != null) {
            lock.close();
        }
        if (host != null) {
            host.close();
        }
    }
}
