package io.github.phpdeploy.runtime.resident;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.phpdeploy.PhpDeployException;

/**
 * What can bind a server to an old release, so that its new workers execute old code too. Some of it can be seen; whether it
 * does any harm only the site itself shows.
 */
final class Binding {

    private final Kind kind;
    private final Look look;
    private final String deployPath;

    /**
     * @param deployPath as the user has it
     */
    Binding(Kind kind, Look look, String deployPath) {
        this.kind = kind;
        this.look = look;
        this.deployPath = deployPath;
    }

    /** Something that can bind it. */
    private record Hint(String what, String fix) {}

    private boolean areYoung(long seconds) {
        Seen seen = look.seen();
        return seen.switched() > 0
                && !seen.workers().isEmpty()
                && seen.workers().stream().allMatch(worker -> worker.since() >= seen.switched() + seconds);
    }

    private boolean isStartedThroughCurrent() {
        Pattern path = Pattern.compile("(^|[ =/])current/[^ ]+|" + Pattern.quote(deployPath + "/current/"));
        return path.matcher(look.seen().title()).find();
    }

    private List<Hint> hints() {
        List<Hint> hints = new ArrayList<>();
        if (isStartedThroughCurrent()) {
            hints.add(new Hint(
                    "its master was started through " + deployPath
                            + "/current, and its workers inherit where that led then",
                    "call clearstatcache(true) first in onWorkerStart, or start it by a path outside of " + deployPath
                            + "/current"));
        }
        if (look.enableCli().orElse(false)) {
            hints.add(new Hint(
                    "opcache.enable_cli is 1, and OPcache never looks again where a path through current leads",
                    "set opcache.enable_cli = 0, or require files by realpath('" + deployPath + "/current')"));
        }
        Set<String> bound = look.seen().bound();
        if (!bound.isEmpty()) {
            hints.add(new Hint(
                    "its master was started from releases/" + String.join(", releases/", new TreeSet<>(bound))
                            + ", and so __DIR__ and relative paths lead there",
                    kind.boot(deployPath)));
        }
        return hints;
    }

    /** What is known before anything is switched. */
    List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        Seen seen = look.seen();
        TreeSet<String> others = look.releases();
        others.remove(seen.current());
        List<Hint> hints = hints();
        seen.releaseOf(seen.base())
                .ifPresent(release -> faults.add(new Fault(
                        Fault.Weight.NEVER,
                        kind.title() + " on " + look.host()
                                + " was started by Laravel Octane with APP_BASE_PATH in release " + release,
                        "each of its workers boots that release, whatever current leads to",
                        kind.base(deployPath))));
        if (!seen.current().isEmpty() && !others.isEmpty() && areYoung(Look.TOLERANCE)) {
            PhpDeployException bound = failure(seen.current(), look.releases());
            faults.add(new Fault(
                    Fault.Weight.NEVER, bound.what(), "no reload brings it to run another release", bound.advice()));
        } else if (!look.isProved()) {
            hints.forEach(hint -> faults.add(new Fault(
                    Fault.Weight.NOTE,
                    hint.what(),
                    "a reload may bring no new code, and the deploy is undone then",
                    hint.fix())));
        }
        return faults;
    }

    /**
     * Old code in new workers.
     *
     * @param release what should be executed
     * @param shown what is
     */
    PhpDeployException failure(String release, Set<String> shown) {
        List<Hint> hints = hints();
        boolean mixed = shown.contains(release);
        TreeSet<String> others = new TreeSet<>(shown);
        others.remove(release);
        String why = mixed || hints.isEmpty()
                ? "it was loaded before start(), or is found by __DIR__ or by a path that the master looked up before start()"
                : hints.stream().map(Hint::what).collect(Collectors.joining(", and "));
        String fix = mixed || hints.isEmpty()
                ? kind.boot(deployPath)
                : hints.stream().map(Hint::fix).distinct().collect(Collectors.joining("; "))
                        + "; never load code before start()";
        return new PhpDeployException(
                kind.title() + " on " + look.host() + " executes code of release " + String.join(", ", others)
                        + (mixed ? " besides that of " : ", not ") + release + ", also in new workers: " + why,
                fix);
    }
}
