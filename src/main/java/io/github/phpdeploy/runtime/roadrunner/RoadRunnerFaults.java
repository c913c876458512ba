package io.github.phpdeploy.runtime.roadrunner;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.resident.Fault;
import io.github.phpdeploy.runtime.resident.Watch;

/**
 * What stands in the way of a reset.
 *
 * @param place where
 * @param settings how it is asked
 * @param seen how it looks
 */
record RoadRunnerFaults(Place place, RoadRunnerSettings settings, Seen seen) {

    private static final String NAME = RoadRunnerRuntime.NAME;

    /** How often it is asked before anything is switched. */
    private static final int LOOKS = 3;

    /** How long one answer may take. */
    private static final Duration ANSWER = Duration.ofSeconds(10);

    /** All, the worst first. */
    List<Fault> all() {
        List<Fault> faults = new ArrayList<>();
        seen.replaced().stream()
                .map(this::binding)
                .flatMap(Optional::stream)
                .findFirst()
                .ifPresent(faults::add);
        for (String section : new TreeSet<>(seen.times().sections())) {
            PoolTimes.NAMES.forEach(name -> waiting(section, name).ifPresent(faults::add));
        }
        if (settings.longestRequest().isEmpty()) {
            faults.add(new Fault(
                    Fault.Weight.NOTE,
                    "how long the longest request takes is not known",
                    "whether RoadRunner's times are long enough for it cannot be checked",
                    "say it with php.roadrunner.longestRequest"));
        }
        if (settings.trial().isEmpty()) {
            faults.add(new Fault(
                    Fault.Weight.NOTE,
                    "php.roadrunner.preview is not set",
                    "a release whose workers do not start takes the site down until the deploy is undone: RoadRunner"
                            + " ends the old ones first, and waits reset_timeout before it starts any others",
                    "name a command that tries a release, such as php artisan about, with php.roadrunner.preview"));
        }
        faults.addAll(shown());
        faults.sort(Comparator.comparing(Fault::weight));
        return faults;
    }

    /** New workers are started in the master's working directory, by the same command line. */
    private Optional<Fault> binding(Seen.Worker worker) {
        String where = "the workers of RoadRunner on " + place.host().name();
        boolean relative = !worker.script().startsWith("/");
        if (worker.directory().isEmpty()) {
            return Optional.of(new Fault(
                    Fault.Weight.NOTE,
                    "the working directory of " + where + " cannot be seen",
                    "whether they are bound to a release is not known",
                    "deploy as their account, or set php.sudo and allow \"readlink /proc/*\" in sudoers"));
        }
        String script = worker.script().isEmpty()
                ? ""
                : relative ? worker.directory() + "/" + worker.script() : worker.script();
        Optional<String> bound = seen.releaseOf(script, place.deployPath());
        Optional<String> home = seen.releaseOf(worker.directory(), place.deployPath());
        if (bound.isEmpty() && home.isEmpty()) {
            return Optional.empty();
        }
        String what = bound.isEmpty()
                ? where + " have releases/" + home.get() + " as working directory"
                : where + " run " + worker.script() + (relative ? " in " + worker.directory() : "")
                        + ", which lies in release " + bound.get();
        return Optional.of(new Fault(
                Fault.Weight.NEVER,
                what,
                "new workers go on with that release, whatever current leads to",
                "name the worker by its absolute path through " + place.deployPath()
                        + "/current in server.command, keep the configuration outside of the releases or start rr with"
                        + " -w and a directory outside of them, and start it anew once"));
    }

    private Optional<Fault> waiting(String section, String name) {
        if (settings.longestRequest().isEmpty()) {
            return Optional.empty();
        }
        Duration longest = settings.longestRequest().get();
        String what =
                section + ".pool." + name + " of RoadRunner on " + place.host().name();
        Optional<Duration> time = seen.times().of(section, name);
        if (time.isEmpty()) {
            return Optional.of(new Fault(
                    Fault.Weight.NOTE,
                    "the " + what + " is not known",
                    "with less than the longest request takes, " + cost(name),
                    "have it stand in " + settings.config() + ", with its unit, such as 60s, where the account that"
                            + " deploys can read it"));
        }
        return time.filter(given -> given.compareTo(longest) < 0)
                .map(given -> new Fault(
                        Fault.Weight.DROPS,
                        "the " + what + " is " + given.toMillis() / 1000.0 + " s, and requests may take "
                                + longest.toSeconds() + " s",
                        cost(name),
                        "set it to " + longest.toSeconds() + "s or more and restart RoadRunner once; resets then take"
                                + " that long at worst"));
    }

    private static String cost(String name) {
        return name.startsWith("reset")
                ? "a reset ends workers that are busy longer"
                : "who waits for a free worker after a reset may be turned away";
    }

    private List<Fault> shown() {
        if (seen.current().isEmpty()) {
            return List.of();
        }
        Watch watch = new Watch(place.host(), settings.page());
        Watch.Round round = watch.ask(LOOKS, ANSWER);
        List<Fault> faults = new ArrayList<>();
        watch.doubt(NAME, round).ifPresent(faults::add);
        TreeSet<String> others = round.releases();
        others.remove(seen.current());
        if (!others.isEmpty()) {
            faults.add(new Fault(
                    Fault.Weight.NOTE,
                    "RoadRunner on " + place.host().name() + " executes release " + String.join(", ", others)
                            + ", and current is " + seen.current(),
                    "a reset may bring no new code, and the deploy is undone then",
                    "run mvn php:reload, which proves what it brings"));
        }
        return faults;
    }
}
