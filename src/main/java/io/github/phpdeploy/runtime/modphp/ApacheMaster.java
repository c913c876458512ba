package io.github.phpdeploy.runtime.modphp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.Running;
import io.github.phpdeploy.host.Script;
import io.github.phpdeploy.host.ScriptResult;
import io.github.phpdeploy.runtime.Finding;
import io.github.phpdeploy.runtime.Processes;
import io.github.phpdeploy.runtime.Sudo;

/**
 * The master process of an Apache on a host. Its configuration is tested before each reload, because a reload with a broken one ends
 * it; and a reload has ended only when every child of before is gone.
 *
 * @param host where it runs
 * @param deployPath the site's directory
 * @param control how it is found and reloaded
 */
record ApacheMaster(Host host, String deployPath, ModPhpSettings.Control control) {

    /** The signal for a graceful reload. */
    static final String SIGNAL = "USR1";

    private static final Script SCRIPT = Processes.FUNCTIONS.then(Script.of(ApacheMaster.class, "apache.sh"));

    /**
     * What was found.
     *
     * @param seen what can be seen; without a master only {@code current} and the like
     * @param fault why there is no master that could be reloaded; empty where there is one
     * @param runs whether there is one
     */
    record Found(Seen seen, Optional<PhpDeployException> fault, boolean runs) {}

    /** Looks at the master and tests its configuration. */
    Found find() {
        ScriptResult result = run("inspect", List.of());
        return new Found(
                Seen.of(result),
                result.ok() ? Optional.empty() : Optional.of(new ApacheFaults(host, control).of(result)),
                result.exitCode() != ApacheFaults.NO_MASTER);
    }

    /** Tests the configuration and has the master reload. Returns at once, with the children that are to go. */
    Seen reload() {
        return Seen.of(succeed(run("reload", List.of())));
    }

    /**
     * Waits until all children are gone that were there when a reload began.
     *
     * @return how many have gone and come, in one clause
     */
    String await(Seen before) {
        List<String> more = new ArrayList<>(List.of(before.master()));
        more.addAll(before.workers());
        Seen after = Seen.of(succeed(run("await", more)));
        return after.values().getOrDefault("gone", "0") + " old children of Apache gone, "
                + after.values().getOrDefault("up", "0") + " new ones up";
    }

    /**
     * Who is still there of the children that may be of the old generation though they came during a reload. Each of these takes one more
     * connection, and ends.
     *
     * @return process ids and start times
     */
    List<String> late(Seen before) {
        if (before.late().isEmpty()) {
            return List.of();
        }
        List<String> more = new ArrayList<>(List.of(before.master()));
        more.addAll(before.late());
        return Seen.of(succeed(run("left", more))).late();
    }

    /** Whether sudo would refuse to have it reload. The master need not be there. */
    Optional<Finding> refusedReload() {
        return control.sudo() ? Sudo.checkReload(host, control.command(), control.service(), SIGNAL) : Optional.empty();
    }

    /** How it is reloaded, for humans. */
    String how() {
        return control.command()
                .map(command -> "its command")
                .or(() -> control.service().map(service -> "systemctl reload " + service))
                .orElse("signal " + SIGNAL);
    }

    private ScriptResult run(String action, List<String> more) {
        List<String> arguments = new ArrayList<>(List.of(
                action,
                control.service().orElse(""),
                control.pidFile().orElse(""),
                control.command().orElse(""),
                control.test().orElse(""),
                control.sudo() ? "1" : "0",
                deployPath,
                Long.toString(control.limit().toSeconds())));
        arguments.addAll(more);
        try (Running running = host.start(SCRIPT, arguments, control.limit().plus(Host.COMMAND_LIMIT))) {
            return running.finish();
        }
    }

    private ScriptResult succeed(ScriptResult result) {
        if (!result.ok()) {
            throw new ApacheFaults(host, control).of(result);
        }
        return result;
    }
}
