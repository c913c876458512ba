package io.github.phpdeploy.deploy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.release.Release;
import io.github.phpdeploy.release.ReleaseRecord;
import io.github.phpdeploy.release.ReleaseState;
import io.github.phpdeploy.release.Retention;
import io.github.phpdeploy.release.Site;
import io.github.phpdeploy.release.SiteState;
import io.github.phpdeploy.transfer.Base;
import io.github.phpdeploy.transfer.ChangeSet;
import io.github.phpdeploy.transfer.HostTools;
import io.github.phpdeploy.transfer.Kind;
import io.github.phpdeploy.transfer.LocalTree;
import io.github.phpdeploy.transfer.Manifest;
import io.github.phpdeploy.transfer.ManifestCache;
import io.github.phpdeploy.transfer.ManifestEntry;
import io.github.phpdeploy.transfer.Manifests;
import io.github.phpdeploy.transfer.TreeFile;
import io.github.phpdeploy.transfer.UnusableBaseException;
import io.github.phpdeploy.transfer.UploadProgress;
import io.github.phpdeploy.transfer.UploadReport;

/** A release on its way to its hosts: what is done with it on each of them, stage by stage. */
final class NewRelease {

    private final DeployRequest request;
    private final String id;
    private final Instant created;
    private final String commit;
    private final Instant fileTime;
    private final ManifestCache cache;
    private final DeployLog log;
    private Reading reading;

    /**
     * A release whose files are still being read.
     *
     * @param reading its files
     * @param id its name
     * @param created when it was made
     * @param commit what of; empty when that is not known
     * @param fileTime the modification time of what is sent
     */
    NewRelease(
            DeployRequest request,
            Reading reading,
            String id,
            Instant created,
            String commit,
            Instant fileTime,
            DeployLog log) {
        this.request = request;
        this.reading = reading;
        this.id = id;
        this.created = created;
        this.commit = commit;
        this.fileTime = fileTime;
        this.cache = cache(request);
        this.log = log;
    }

    static ManifestCache cache(DeployRequest request) {
        return new ManifestCache(request.workDirectory());
    }

    String id() {
        return id;
    }

    /** Its files are read once more. */
    void readAgain() {
        reading = reading.again();
    }

    /** What hosts will remember of it; empty as long as its files have not been read. */
    Optional<ReleaseRecord> record() {
        return reading.isDone() ? Optional.of(record(reading.tree())) : Optional.empty();
    }

    private ReleaseRecord record(LocalTree tree) {
        return new ReleaseRecord(
                id,
                ReleaseState.UPLOADING,
                created,
                commit,
                request.initiator().operator(),
                request.version(),
                tree.manifest().files(),
                tree.manifest().size(),
                tree.manifest().digest(),
                "");
    }

    private Manifest manifest() {
        return reading.tree().manifest();
    }

    /** What a new release can start from: the current one, or else the newest that was complete. */
    static Optional<ReleaseRecord> base(SiteState before) {
        Stream<Release> newestFirst = before.releases().stream().sorted(Release.BY_TIME.reversed());
        return Stream.concat(before.current().stream(), newestFirst)
                .flatMap(release -> release.record().stream())
                .filter(known -> !known.manifest().isEmpty() && known.state() != ReleaseState.UPLOADING)
                .findFirst();
    }

    /**
     * What the new release starts from on a host; says so when its manifest cannot be trusted.
     *
     * @param known what the host said of its current release while it was being connected to
     */
    static Optional<Base> base(HostRun run, Optional<Manifests.Known> known, ManifestCache cache, DeployLog log) {
        Optional<ReleaseRecord> from = base(run.before());
        if (from.isEmpty()) {
            return Optional.empty();
        }
        String id = from.get().id();
        Optional<Base> base = known.filter(read -> read.release().equals(id))
                .or(() -> run.trees().brief(id, cache))
                .flatMap(read -> trusted(read, from.get()));
        if (base.isEmpty()) {
            log.warning(
                    run.name(), "the manifest of release " + id + " is missing or corrupt, so everything is sent anew");
        }
        return base;
    }

    /** A manifest is trusted when it is the one that was written when the release was made. */
    static Optional<Base> trusted(Manifests.Known read, ReleaseRecord record) {
        return read.digest().equals(record.manifest())
                ? read.entries().map(entries -> new Base(read.release(), entries))
                : Optional.empty();
    }

    /** Has the host begin, while the application may still be read here. */
    void begin(HostRun run) {
        clearRemains(run);
        run.base(base(run, run.currentManifest(), cache, log));
        start(run);
    }

    /** The same after the application has turned out to be changing: what was sent of it goes. */
    void beginAgain(HostRun run) {
        run.endUpload();
        run.site().conclude(run.lock(), List.of(), Optional.empty(), List.of(id));
        start(run);
    }

    private void start(HostRun run) {
        run.uploading(run.trees().begin(id, run.base(), tools(run)));
    }

    static HostTools tools(HostRun run) {
        return run.trees().tools(run.before().tools());
    }

    void upload(HostRun run) {
        try {
            send(run);
        } catch (UnusableBaseException e) {
            if (run.base().isEmpty()) {
                throw e;
            }
            log.warning(run.name(), e.what() + ", so everything is sent anew");
            run.base(Optional.empty());
            beginAgain(run);
            send(run);
        }
    }

    private void send(HostRun run) {
        long begin = System.nanoTime();
        UploadReport report = run.base().isPresent() ? sendChanges(run) : sendAll(run);
        run.uploaded(report);
        log.uploaded(run.name(), report, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    }

    private UploadReport sendChanges(HostRun run) {
        LocalTree tree = reading.tree();
        ChangeSet changes = ChangeSet.between(run.base(), tree.manifest(), tools(run));
        SpaceNeeded.of(tree.manifest(), changes).check(run);
        int files = changes.sent().size();
        long bytes = changes.bytesToSend();
        String from = run.base().map(Base::release).orElse("");
        log.uploading(run.name(), id(), files, bytes, changes.reused(), from);
        return run.uploading().send(tree, changes, fileTime, record(tree).json(), progress(run, files, bytes));
    }

    /** Where there is nothing to compare with, sending need not wait until all is read. */
    private UploadReport sendAll(HostRun run) {
        List<TreeFile> found = reading.found();
        SpaceNeeded.of(found).check(run);
        int files = (int)
                found.stream().filter(file -> file.kind() != Kind.DIRECTORY).count();
        long bytes = found.stream().mapToLong(TreeFile::size).sum();
        log.uploading(run.name(), id(), files, bytes, 0, "");
        return run.uploading()
                .sendAll(found, reading::tree, fileTime, tree -> record(tree).json(), progress(run, files, bytes));
    }

    private UploadProgress progress(HostRun run, int files, long bytes) {
        String host = run.name();
        return (sent, content, wire) -> log.uploadProgress(host, sent, files, content, bytes, wire);
    }

    /** What uploads left that never ended goes before anything else is sent: it may be what fills the disk. */
    private void clearRemains(HostRun run) {
        List<String> left = run.before().leftUploads().stream()
                .filter(name -> !name.startsWith("settle."))
                .toList();
        if (!left.isEmpty()) {
            left.forEach(name -> log.remains(run.name(), "the upload of release " + name + ", which never ended"));
            run.site().conclude(run.lock(), List.of(), Optional.empty(), left);
            run.look();
        }
    }

    private Preparation preparation(HostRun run) {
        return Preparation.on(run, request, log);
    }

    /** Has the host check the syntax of the PHP files that have come. */
    void lint(HostRun run) {
        if (request.lint()) {
            Lint.check(
                    run.host(),
                    run.target().deployPath() + "/releases/" + id,
                    ChangeSet.between(run.base(), manifest(), HostTools.NONE).added().stream()
                            .filter(entry -> entry.kind() == Kind.FILE)
                            .map(ManifestEntry::path)
                            .toList());
        }
    }

    void prepare(HostRun run) {
        Preparation preparation = preparation(run);
        preparation.seed(SharedSeeds.of(request, run.missingShared()));
        preparation.link(record().orElseThrow().in(ReleaseState.READY));
    }

    void runHooks(HostRun run, List<Hook> hooks, boolean first) {
        for (Hook hook : hooks) {
            if (first || !hook.once()) {
                preparation(run).hook(hook, id());
            }
        }
    }

    /** What a host remembers of this release when it is or was live there. */
    ReleaseRecord recordOn(HostRun run) {
        return record().orElseThrow().after(run.previous());
    }

    /** The release is live and good: writes that down and takes what is outdated out of the way. */
    void retire(HostRun run, Switchover switchover) {
        ReleaseRecord good = recordOn(run).in(ReleaseState.GOOD);
        List<Release> releases = new ArrayList<>(run.before().releases());
        releases.add(new Release(id(), Optional.of(good)));
        Optional<String> predecessor = Optional.of(run.previous()).filter(id -> !id.isEmpty());
        List<String> outdated =
                new ArrayList<>(Retention.outdated(releases, Optional.of(id()), predecessor, request.keepReleases()));
        try {
            keepUsed(run, outdated);
            Site.Removal removal = run.site()
                    .conclude(
                            run.lock(),
                            List.of(good),
                            Optional.of(switchover.entry(
                                    run,
                                    Optional.of(good),
                                    id(),
                                    "success",
                                    run.runtimeFacts().getOrDefault("way", ""))),
                            outdated);
            removal.used().forEach((release, process) -> log.stillUsed(run.name(), release, process));
            if (!removal.removed().isEmpty()) {
                log.removed(run.name(), removal.removed());
            }
            run.trees().settle(id(), request.warm());
            cache.put(manifest());
        } catch (PhpDeployException e) {
            // the release is live and good: that an old one lies about is no reason to take it back
            log.warning(run.name(), "the release is live, but: " + e.getMessage());
        }
    }

    /** Takes those from the outdated that the runtime executes just now: requests may last longer than a deploy. */
    private void keepUsed(HostRun run, List<String> outdated) {
        if (!outdated.isEmpty()) {
            run.service().inUse().forEach((release, process) -> {
                if (outdated.remove(release)) {
                    log.stillUsed(run.name(), release, process);
                }
            });
        }
    }

    /** How far away from the newest release of all hosts a new one must be, so that names sort by time. */
    static Instant notBefore(Instant now, List<HostRun> runs) {
        Instant newest = runs.stream()
                .flatMap(run -> run.before().newest().stream())
                .map(Release::created)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
        return newest.isBefore(now) ? now : newest.plusSeconds(1);
    }
}
