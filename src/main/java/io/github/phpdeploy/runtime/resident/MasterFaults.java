package io.github.phpdeploy.runtime.resident;

import java.util.List;
import java.util.Map;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Complaint;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.host.ScriptResult;

/**
 * What the exit codes of {@code resident.sh} mean, in words.
 *
 * @param kind what it was about
 * @param control how the master is found
 */
record MasterFaults(Kind kind, ResidentSettings.Control control) {

    /** The error for a script that failed. */
    PhpDeployException of(Host host, ScriptResult result) {
        String where = " on " + host.name();
        Map<String, String> values = ResidentMaster.values(result);
        String complaint = result.complaint();
        String found = control.pidFile()
                .map(file -> "the " + kind.pidTitle() + " " + file)
                .orElse("php." + kind.name() + ".pidCommand");
        String correct = "start the server, or correct php." + kind.name()
                + control.pidFile().map(file -> "." + kind.pidProperty()).orElse(".pidCommand");
        return switch (result.exitCode()) {
            case 20 ->
                new PhpDeployException(
                        "no " + kind.title() + " master was found" + where + ": " + found
                                + (control.pidFile().isPresent() ? " is not there, or cannot be read" : " names none")
                                + (complaint.isEmpty() ? "" : ": " + complaint),
                        correct);
            case 21 ->
                new PhpDeployException(
                        found + where + " names no process id, but \"" + lastLine(result) + "\"", correct);
            case 22 ->
                new PhpDeployException(
                        found + where + " is stale: it names process " + values.getOrDefault("process", "?")
                                + ", which is gone",
                        correct);
            case 23 ->
                new PhpDeployException(
                        found + where + " is stale: it names process " + values.getOrDefault("process", "?")
                                + ", which is no PHP",
                        correct);
            case 24 ->
                new PhpDeployException(
                        kind.title() + where + " could not be sent signal " + kind.signal()
                                + (complaint.isEmpty() ? "" : ": " + complaint),
                        control.sudo()
                                ? "allow \"kill -" + kind.signal() + "\" without password in sudoers on " + host.name()
                                : "set php.sudo, or deploy as the account that the server runs as");
            case 25 ->
                new PhpDeployException(
                        kind.title() + where + " was told to reload, but after "
                                + control.limit().toSeconds() + " s old workers are still there: " + stuck(result),
                        kind.patience());
            case 26 ->
                new PhpDeployException(
                        "the master of " + kind.title() + where + " is gone", "start it at once, and read its log");
            case 27 ->
                new PhpDeployException(
                        kind.title() + where + " was told to reload and its old workers are gone, but after "
                                + control.limit().toSeconds() + " s there are no new ones",
                        "read its log, or wait longer with -Dphp.reloadTimeout=SECONDS");
            default -> Complaint.of(kind.title() + " could not be looked at", host, result);
        };
    }

    private static String lastLine(ScriptResult result) {
        List<String> lines = result.lines();
        return lines.isEmpty() ? "" : Printable.line(lines.get(lines.size() - 1));
    }

    private static String stuck(ScriptResult result) {
        List<String> workers = result.lines().stream()
                .filter(line -> line.startsWith("worker "))
                .map(line -> Printable.line(line.substring(7)))
                .limit(3)
                .toList();
        return String.join(", ", workers);
    }
}
