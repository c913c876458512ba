package io.github.phpdeploy.runtime.fpm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.runtime.Place;

/**
 * Finds out which release a pool executes: by what OPcache would execute for paths through {@code current}, by where workers
 * find such paths, and by whose code runs when the site is asked through its web server.
 */
final class FpmProof {

    /** How many new connections in a row must show the release. */
    private static final int CONNECTIONS = 10;

    /** How many files besides the entry are looked at. */
    private static final int INCLUDED = 3;

    /** How often the site is asked through its web server. */
    private static final int VISITS = 5;

    private final Place place;
    private final FpmProbe probe;
    private final FpmWay way;
    private final String entry;
    private Set<Long> workers;
    private int visits;

    FpmProof(Place place, FpmProbe probe, FpmWay way, String entry) {
        this.place = place;
        this.probe = probe;
        this.way = way;
        this.entry = entry;
    }

    /**
     * Proves.
     *
     * @param release what must be executed
     * @param limit how long it may take to become so
     * @return what was seen, in one clause
     * @throws PhpDeployException when another one is executed
     */
    String prove(String release, Duration limit) {
        FpmService.Patience patience = new FpmService.Patience(limit);
        List<String> files = files();
        // asked once: the question itself takes away what it finds, and workers would find the old release again
        Optional<String> fault = stale(release, files);
        if (fault.isPresent()) {
            throw other(release, fault.get());
        }
        fault = fault(release, files);
        while (fault.isPresent() && patience.goesOn()) {
            fault = fault(release, files);
        }
        if (fault.isPresent()) {
            throw other(release, fault.get());
        }
        return CONNECTIONS + " new connections to " + workers.size() + (workers.size() == 1 ? " worker" : " workers")
                + " show " + release
                + (visits > 0 ? ", and so do " + visits + " through the web server" : "");
    }

    private PhpDeployException other(String release, String fault) {
        return new PhpDeployException(
                "php-fpm on " + place.host().name() + " does not execute release " + release + ": " + fault,
                way.kind() == FpmWay.Kind.NOTHING
                        ? "have the web server pass resolved paths (nginx: $realpath_root) of " + place.deployPath()
                                + "/current, or choose php.fpm.strategy reload"
                        : "check that php.fpm.socket and the web server's document root are this site's");
    }

    /** The entry, and files besides that OPcache has by way of {@code current}, where there are any. */
    private List<String> files() {
        List<String> files = new ArrayList<>();
        if (!entry.isEmpty()) {
            files.add(entry);
        }
        probe.look().linked().stream()
                .filter(file -> !files.contains(file))
                .limit(INCLUDED)
                .forEach(files::add);
        return files;
    }

    private Optional<String> stale(String release, List<String> files) {
        return probe.owners(release, files).stale().stream()
                .findFirst()
                .map(file -> "OPcache has other code for " + place.deployPath() + "/current/" + file);
    }

    private Optional<String> fault(String release, List<String> files) {
        return connections(release, files).or(() -> web(release));
    }

    private Optional<String> connections(String release, List<String> files) {
        Set<Long> seen = new TreeSet<>();
        workers = seen;
        // where each request brings its own path, workers may still remember where "current" led, and nobody asks them
        List<String> asked = way.resolved() ? List.of() : files;
        for (PoolLook look : Together.ask(CONNECTIONS, () -> probe.serve(asked))) {
            seen.add(look.pid());
            if (!look.current().equals(release)) {
                return Optional.of("it sees release " + look.current() + " as current");
            }
            String root = look.realPath() + "/releases/" + release + "/";
            for (Map.Entry<String, String> found : look.resolved().entrySet()) {
                // a file of the release may itself be a link to what is shared
                boolean elsewhere = found.getValue().startsWith(look.realPath() + "/releases/")
                        && !found.getValue().startsWith(root);
                if (elsewhere) {
                    return Optional.of(
                            "its process " + look.pid() + " takes " + found.getKey() + " from " + found.getValue());
                }
            }
        }
        return Optional.empty();
    }

    /** Asks the site through its web server, and looks whose code that ran. */
    private Optional<String> web(String release) {
        visits = 0;
        if (place.visitor().isEmpty()) {
            return Optional.empty();
        }
        Map<String, PoolLook.Cached> before = probe.look().releases();
        for (int i = 0; i < VISITS; i++) {
            place.visitor().get().run();
        }
        Map<String, PoolLook.Cached> after = probe.look().releases();
        long mine = use(after, release) - use(before, release);
        // code of another release besides is that of requests under way, which end, or of files that are found by old
        // paths
        Optional<String> others = after.keySet().stream()
                .filter(other -> !other.equals(release) && use(after, other) - use(before, other) >= VISITS)
                .findFirst()
                .map(other -> "asked through its web server, it executes release " + other);
        visits = others.isEmpty() && mine > 0 ? VISITS : 0;
        return others;
    }

    private static long use(Map<String, PoolLook.Cached> releases, String release) {
        PoolLook.Cached cached = releases.get(release);
        return cached == null ? 0 : cached.hits() + cached.scripts();
    }
}
