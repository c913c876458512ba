package io.github.phpdeploy.runtime.roadrunner;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Complaint;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.host.Running;
import io.github.phpdeploy.host.Script;
import io.github.phpdeploy.host.ScriptResult;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Sudo;

/**
 * RoadRunner on a host. {@code rr reset} exits with 0 also when the reset fails: it prints {@code plugin reset} and drops the
 * error that came back ({@code internal/cli/reset/command.go}). So its processes are looked at.
 *
 * @param place where
 * @param settings how it is found
 */
record RoadRunnerMaster(Place place, RoadRunnerSettings settings) {

    private static final Script SCRIPT = Script.of(RoadRunnerMaster.class, "roadrunner.sh");

    /**
     * What was found.
     *
     * @param seen what can be seen; without a server only {@code current} and the configuration
     * @param absence why there is no server; empty where there is one
     */
    record Found(Seen seen, Optional<PhpDeployException> absence) {}

    /** Looks, and does not complain when there is no server. */
    Found find() {
        ScriptResult result = run("inspect", Host.COMMAND_LIMIT, 0, List.of());
        Seen seen = Seen.of(result.lines(), place.deployPath());
        return new Found(seen, result.ok() ? Optional.empty() : Optional.of(fault(result)));
    }

    /** The workers at this moment. */
    Seen workers() {
        return Seen.of(succeed(run("workers", Host.COMMAND_LIMIT, 0, List.of())).lines(), place.deployPath());
    }

    /** Has it replace its workers, and waits until it has tried to. */
    void reset(Duration limit) {
        succeed(run("reset", limit, 0, List.of()));
    }

    /**
     * Waits until the old workers are gone, and others are there.
     *
     * @param old each as process id and start time
     * @param expected how many others are to come
     * @return how many have gone and come, by {@code gone} and {@code up}
     */
    Map<String, String> await(List<String> old, int expected) {
        return succeed(run("await", settings.limit().plus(Host.COMMAND_LIMIT), expected, old)).lines().stream()
                .map(line -> Printable.line(line).split(" ", 2))
                .filter(words -> words.length == 2)
                .collect(Collectors.toMap(words -> words[0], words -> words[1], (first, second) -> first));
    }

    /** The command of RoadRunner's that does something, as a user would type it. */
    List<String> command(String what) {
        return List.of(settings.program(), what, "-c", settings.config());
    }

    String words(String what) {
        return Printable.line(String.join(" ", command(what)));
    }

    private ScriptResult run(String action, Duration limit, int expected, List<String> old) {
        List<String> arguments = new ArrayList<>(List.of(
                action,
                settings.program(),
                settings.config(),
                settings.sudo() ? "1" : "0",
                place.deployPath(),
                Long.toString(settings.limit().toSeconds()),
                Integer.toString(expected)));
        arguments.addAll(old);
        try (Running running = place.host().start(SCRIPT, arguments, limit)) {
            try {
                return running.finish();
            } catch (PhpDeployException e) {
                if (running.isTimedOut() && action.equals("reset")) {
                    throw new PhpDeployException(
                            "\"" + words("reset") + "\" has not ended on "
                                    + place.host().name() + " after " + limit.toSeconds()
                                    + " s, and until it ends RoadRunner answers no new request",
                            "look for a request that does not end, such as a stream of events: RoadRunner waits for all"
                                    + " that are under way; wait longer with -Dphp.reloadTimeout=SECONDS",
                            e);
                }
                throw e;
            }
        }
    }

    private ScriptResult succeed(ScriptResult result) {
        if (!result.ok()) {
            throw fault(result);
        }
        return result;
    }

    private PhpDeployException fault(ScriptResult result) {
        String where = " on " + place.host().name();
        String said = result.complaint().isEmpty() ? "" : ": " + result.complaint();
        String advice =
                "start RoadRunner, or correct php.roadrunner.config, whose rpc.listen says where it is spoken to";
        return switch (result.exitCode()) {
            case 20 ->
                new PhpDeployException(
                        "there is no program \"" + Printable.line(settings.program()) + "\"" + where,
                        "set php.roadrunner.program to the path of RoadRunner's rr there");
            case 21 ->
                new PhpDeployException("\"" + words("reset") + "\" failed" + where + said, refused(said, advice));
            case 22 ->
                new PhpDeployException("\"" + words("workers") + "\" failed" + where + said, refused(said, advice));
            case 23 ->
                new PhpDeployException(
                        "RoadRunner" + where + " has no workers",
                        "read its log: they may not start; with pool.debug there are none, and nothing to reset:"
                                + " then php.runtime is none");
            case 24 ->
                new PhpDeployException(
                        "the workers that \"" + words("workers") + "\" names are no processes" + where,
                        "deploy to where RoadRunner's processes are seen: not from outside of its container, and on Linux");
            case 25 ->
                new PhpDeployException(
                        "RoadRunner" + where + " was told to reset, but after "
                                + settings.limit().toSeconds() + " s old workers are still there: "
                                + result.lines().stream()
                                        .filter(line -> line.startsWith("left"))
                                        .map(line -> Printable.line(line.substring(4)))
                                        .collect(Collectors.joining()),
                        "see what they do; wait longer with -Dphp.reloadTimeout=SECONDS");
            case 27 ->
                new PhpDeployException(
                        "RoadRunner" + where + " was reset and its old workers are gone, but new ones did not start",
                        "read its log; have php.roadrunner.preview try a release before it becomes current");
            default -> Complaint.of("RoadRunner could not be looked at", place.host(), result);
        };
    }

    private String refused(String said, String advice) {
        return settings.sudo() && Sudo.refused(said)
                ? "allow \"" + words("workers") + "\" and \"" + words("reset") + "\" without password in sudoers on "
                        + place.host().name()
                : advice;
    }
}
