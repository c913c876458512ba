package io.github.phpdeploy.runtime.resident;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.host.Running;
import io.github.phpdeploy.host.Script;
import io.github.phpdeploy.host.ScriptResult;
import io.github.phpdeploy.probe.Pages;
import io.github.phpdeploy.runtime.Processes;

/**
 * The master process of a resident server on a host, and its workers. {@code kill} says only that a signal was sent: a reload has
 * ended when every worker of before is gone.
 *
 * @param host where it runs
 * @param deployPath the site's directory
 * @param kind what it is
 * @param control how it is found and reloaded
 * @param url where it shows itself
 */
record ResidentMaster(Host host, String deployPath, Kind kind, ResidentSettings.Control control, URI url) {

    private static final Script SCRIPT = Processes.FUNCTIONS.then(Script.of(ResidentMaster.class, "resident.sh"));

    /**
     * What was found.
     *
     * @param seen what can be seen; without a master only {@code current} and the like
     * @param absence why there is no master; empty where there is one
     */
    record Found(Seen seen, Optional<PhpDeployException> absence) {}

    /** Looks, and does not complain when there is no master. */
    Found find(String depth) {
        ScriptResult result = run("inspect", depth, List.of());
        Seen seen = seen(result);
        return new Found(
                seen, result.ok() ? Optional.empty() : Optional.of(new MasterFaults(kind, control).of(host, result)));
    }

    /** Looks at a master that must be there. */
    Seen inspect(String depth) {
        Found found = find(depth);
        found.absence().ifPresent(absent -> {
            throw absent;
        });
        return found.seen();
    }

    /** Looks at the master's workers alone, which takes less time. */
    Seen workers(String depth) {
        return seen(succeed(run("workers", depth, List.of())));
    }

    /** Tells the master to replace its workers. Returns at once. */
    void reload(Seen seen) {
        succeed(run("reload", "auto", List.of(seen.master(), "0")));
    }

    /**
     * What came of waiting.
     *
     * @param gone how many old workers have gone
     * @param up how many new ones are there
     * @param again how often the signal had to be sent again
     */
    record Awaited(String gone, String up, String again) {}

    /**
     * Waits until all workers are gone that were there when a reload began.
     *
     * @param before what was there
     * @param depth where workers are
     */
    Awaited await(Seen before, String depth) {
        List<String> more = new ArrayList<>(List.of(before.master(), kind.forgetsSignals() ? "1" : "0"));
        for (Seen.Worker worker : before.workers()) {
            more.add(isKept(worker) ? "kept" : "old");
            more.add(worker.id());
        }
        Map<String, String> said = values(succeed(run("await", depth, more)));
        return new Awaited(
                said.getOrDefault("gone", "0"), said.getOrDefault("up", "0"), said.getOrDefault("again", "0"));
    }

    /** Whether no reload replaces a worker, as the user says. */
    boolean isKept(Seen.Worker worker) {
        return control.kept()
                .filter(kept -> kept.matcher(worker.title()).find())
                .isPresent();
    }

    private ScriptResult run(String action, String depth, List<String> more) {
        List<String> arguments = new ArrayList<>(List.of(
                action,
                control.pidFile().orElse(""),
                control.pidCommand().orElse(""),
                control.sudo() ? "1" : "0",
                deployPath,
                depth,
                Integer.toString(Pages.port(url)),
                kind.signal(),
                Long.toString(control.limit().toSeconds())));
        arguments.addAll(more);
        try (Running running = host.start(SCRIPT, arguments, control.limit().plus(Host.COMMAND_LIMIT))) {
            return running.finish();
        }
    }

    private ScriptResult succeed(ScriptResult result) {
        if (!result.ok()) {
            throw new MasterFaults(kind, control).of(host, result);
        }
        return result;
    }

    /** The lines that come once. */
    static Map<String, String> values(ScriptResult result) {
        Map<String, String> values = new HashMap<>();
        for (String line : result.lines()) {
            int blank = line.indexOf(' ');
            if (blank > 0) {
                values.put(line.substring(0, blank), Printable.line(line.substring(blank + 1)));
            }
        }
        return values;
    }

    private Seen seen(ScriptResult result) {
        Map<String, String> values = values(result);
        List<String> files = new ArrayList<>();
        List<Seen.Worker> workers = new ArrayList<>();
        for (String line : result.lines()) {
            if (line.startsWith("file ")) {
                files.add(Printable.line(line.substring(5)));
            } else if (line.startsWith("worker ")) {
                String[] parts = Printable.line(line).split(" ", 4);
                workers.add(new Seen.Worker(parts[1], number(parts[2]), parts.length > 3 ? parts[3] : ""));
            }
        }
        return new Seen(
                values.getOrDefault("root", deployPath),
                values.getOrDefault("current", ""),
                number(values.getOrDefault("switched", "")),
                values.getOrDefault("pidfile", ""),
                values.getOrDefault("master", ""),
                number(values.getOrDefault("since", "")),
                values.getOrDefault("title", ""),
                values.getOrDefault("cwd", ""),
                values.getOrDefault("base", ""),
                files,
                values.getOrDefault("enable_cli", ""),
                (int) number(values.getOrDefault("listeners", "")),
                values.getOrDefault("deep", "").equals("1"),
                workers);
    }

    private static long number(String text) {
        return text.matches("[0-9]{1,12}") ? Long.parseLong(text) : 0;
    }
}
