package io.github.phpdeploy.runtime.fpm;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.runtime.Generation;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Runtime;

/** PHP-FPM as it was found on one host, on its way to another release. Used by one thread at a time. */
final class FpmService implements Runtime.Service {

    private final Place place;
    private final FpmSettings settings;
    private final FpmMaster master;
    private final FpmMaster.Seen found;
    private final Pool pool;
    private final FpmConfig.Section section;
    private final boolean asks;
    private final FpmWay way;
    private final List<String> warnings;
    private final Map<String, String> facts = new LinkedHashMap<>();
    private FpmMaster.Seen before;
    private String entry = "";

    FpmService(
            Place place,
            FpmSettings settings,
            FpmMaster master,
            FpmMaster.Seen found,
            Pool pool,
            FpmConfig.Section section,
            boolean asks,
            FpmWay way,
            List<String> warnings) {
        this.place = place;
        this.settings = settings;
        this.master = master;
        this.found = found;
        this.before = found;
        this.pool = pool;
        this.section = section;
        this.asks = asks;
        this.way = way;
        this.warnings = List.copyOf(warnings);
        facts.put("way", way());
    }

    static Optional<FpmProbe> plant(Place place, FpmSettings settings, Pool pool, FpmConfig.Section section) {
        String directory = settings.asking().probeDirectory().orElse(place.deployPath());
        Optional<FpmProbe> probe = FpmProbe.plant(pool, section, place.deployPath(), directory);
        if (probe.isEmpty() && settings.asking().probeDirectory().isPresent()) {
            throw new PhpDeployException(
                    "there is no directory " + directory + " on " + place.host().name(),
                    "make it, or correct php.fpm.probeDirectory");
        }
        return probe;
    }

    private FpmProbe plant() {
        return plant(place, settings, pool, section)
                .orElseThrow(() -> new PhpDeployException(
                        "there is no directory " + place.deployPath() + " on "
                                + place.host().name(),
                        "correct php.deployPath"));
    }

    @Override
    public String way() {
        String what = switch (way.kind()) {
            case NOTHING -> "switch without reloading php-fpm";
            case RELOAD ->
                "reload php-fpm (master " + found.pid() + ", workers: "
                        + found.workers().size() + ") with " + master.how();
            case RESET -> "reset OPcache inside php-fpm (master " + found.pid() + ")";
        };
        return what + ", because " + way.why();
    }

    @Override
    public List<String> warnings() {
        return warnings;
    }

    @Override
    public Map<String, String> facts() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    @Override
    public Optional<String> preview(String release) {
        if (!asks) {
            return Optional.empty();
        }
        PoolLook compiled;
        try (FpmProbe probe = plant()) {
            compiled = probe.compile(release, settings.asking().entries());
        }
        entry = compiled.entry();
        if (!compiled.problem().isEmpty()) {
            return noEntry(release, compiled.problem());
        }
        Optional<FpmSettings.Preview> preview = settings.asking().preview();
        return Optional.of(
                preview.isEmpty()
                        ? entry + " compiles in the pool " + section.name()
                        : served(release, preview.get()) + " for "
                                + preview.get().uri());
    }

    private Optional<String> noEntry(String release, String problem) {
        String where = " on " + place.host().name();
        if (problem.equals("missing") && settings.asking().preview().isEmpty()) {
            // an application without a front controller: there is nothing that could be tried
            return Optional.empty();
        }
        if (problem.equals("missing")) {
            throw new PhpDeployException(
                    "release " + release + where + " has none of "
                            + String.join(", ", settings.asking().entries()) + " to be previewed",
                    "name its front controller with php.fpm.entry");
        }
        if (problem.equals("unreadable")) {
            throw new PhpDeployException(
                    "the pool " + section.name() + where + " cannot read " + (entry.isEmpty() ? "" : entry + " of ")
                            + "release " + release,
                    "let its account" + section.user().map(user -> " " + user).orElse("") + " read it and pass "
                            + place.deployPath() + "/releases"
                            + section.openBasedir()
                                    .map(allowed -> "; add the deploy path to its open_basedir, which is " + allowed)
                                    .orElse(""));
        }
        throw new PhpDeployException(
                "release " + release + " does not compile in the pool " + section.name() + where + ": " + problem,
                "correct it and deploy again");
    }

    /** Has the pool run the front controller of a release that is not current. */
    private String served(String release, FpmSettings.Preview preview) {
        int slash = entry.lastIndexOf('/') + 1;
        String root = place.release(release) + (slash > 0 ? "/" + entry.substring(0, slash - 1) : "");
        int question = preview.uri().indexOf('?');
        Map<String, String> request = Map.of(
                "DOCUMENT_ROOT",
                root,
                "SCRIPT_NAME",
                "/" + entry.substring(slash),
                "DOCUMENT_URI",
                "/" + entry.substring(slash),
                "REQUEST_URI",
                preview.uri(),
                "QUERY_STRING",
                question < 0 ? "" : preview.uri().substring(question + 1));
        String file = root + "/" + entry.substring(slash);
        FastCgi.Reply reply;
        try {
            reply = pool.ask(file, request, settings.asking().limit());
        } catch (IOException e) {
            throw PoolFaults.unreachable(pool, section, e);
        }
        if (reply.status() == preview.status()) {
            return "status " + reply.status();
        }
        String said = Printable.line(reply.errors() + " " + reply.body());
        throw new PhpDeployException(
                "release " + release + " answers " + preview.uri() + " with status " + reply.status() + " instead of "
                        + preview.status() + " in the pool " + section.name() + " on "
                        + place.host().name()
                        + (said.isEmpty() ? "" : " (" + said.substring(0, Math.min(300, said.length())) + ")"),
                "correct what it says and deploy again, or correct <preview>");
    }

    @Override
    public Generation reload() {
        return switch (way.kind()) {
            case NOTHING -> Generation.none("no reload, because " + way.why());
            case RELOAD -> signalled();
            case RESET -> {
                reset();
                yield Generation.none("OPcache was reset inside php-fpm");
            }
        };
    }

    private Generation signalled() {
        before = master.reload();
        return new Generation(before.workers(), "php-fpm was told to reload");
    }

    /** A reset happens when no request reads in OPcache: the first that finds it so does it. */
    private void reset() {
        try (FpmProbe probe = plant()) {
            long restarts = probe.look().restarts();
            PoolLook look = probe.reset();
            if (!look.hasOpcache()) {
                throw new PhpDeployException(
                        "OPcache of the pool " + section.name() + " on "
                                + place.host().name() + " cannot be reset: it is off, or opcache.restrict_api or"
                                + " disable_functions forbids it",
                        "choose php.fpm.strategy auto or reload");
            }
            Patience patience = new Patience(settings.control().limit());
            while (look.isResetting() || look.restarts() == restarts) {
                if (!patience.goesOn()) {
                    throw new PhpDeployException(
                            "OPcache of the pool " + section.name() + " on "
                                    + place.host().name() + " was not reset within "
                                    + settings.control().limit().toSeconds() + " s, because requests do not end",
                            "wait longer with -Dphp.reloadTimeout=SECONDS, or choose php.fpm.strategy reload");
                }
                look = probe.look();
            }
        }
    }

    @Override
    public String await(Generation old) {
        if (way.kind() != FpmWay.Kind.RELOAD) {
            return old.how();
        }
        return awaited();
    }

    private String awaited() {
        long begin = System.nanoTime();
        String words = master.await(before);
        facts.put("drainMillis", Long.toString((System.nanoTime() - begin) / 1_000_000));
        facts.put("workersBefore", String.join(" ", before.workers()));
        return words;
    }

    @Override
    public Optional<String> prove(String release) {
        if (!asks) {
            return Optional.empty();
        }
        try (FpmProbe probe = plant()) {
            String proof = new FpmProof(place, probe, way, entry)
                    .prove(release, settings.asking().limit());
            facts.put("proof", proof);
            return Optional.of(proof);
        }
    }

    @Override
    public Map<String, String> inUse() {
        try {
            return section.statusPath().isPresent()
                    ? new StatusPage(pool, section.statusPath().get()).running()
                    : Map.of();
        } catch (IOException e) {
            // the host's processes are looked at all the same
            return Map.of();
        }
    }

    @Override
    public Optional<String> tidy(String release) {
        if (!asks) {
            return Optional.empty();
        }
        Headroom headroom;
        try (FpmProbe probe = plant()) {
            headroom = Headroom.of(probe.look(), release);
        }
        if (headroom.suffices()) {
            return Optional.empty();
        }
        if (!headroom.canBeFreed()) {
            return Optional.of(headroom.words());
        }
        // a reload that loses nothing rather than a reset: upstream has reports of crashes after resets
        if (ReloadRisk.of(pool, section, found, settings).risk().isEmpty()) {
            signalled();
            return Optional.of(headroom.words() + "; reloaded: " + awaited());
        }
        reset();
        return Optional.of(headroom.words() + "; OPcache was reset inside php-fpm");
    }

    /** Who asks again and again, for a time. */
    static final class Patience {

        private static final long PAUSE_MILLIS = 100;

        private final long end;

        Patience(Duration limit) {
            end = System.nanoTime() + limit.toNanos();
        }

        /** Pauses. False when the time is over. */
        boolean goesOn() {
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
            return System.nanoTime() < end;
        }
    }
}
