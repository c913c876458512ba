package io.github.phpdeploy.runtime.modphp;

import java.util.List;
import java.util.Map;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Complaint;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.ScriptResult;
import io.github.phpdeploy.runtime.Sudo;

/**
 * What the exit codes of {@code apache.sh} mean, in words.
 *
 * @param host where it ran
 * @param control how the master is found and reloaded
 */
record ApacheFaults(Host host, ModPhpSettings.Control control) {

    /** The exit code for no master. */
    static final int NO_MASTER = 20;

    private static final int BROKEN = 23;

    /** The error for a script that failed. */
    PhpDeployException of(ScriptResult result) {
        Map<String, String> values = Seen.of(result).values();
        String where = " on " + host.name();
        String complaint = result.complaint();
        String process = values.getOrDefault("process", "");
        String test = values.getOrDefault("test", "apache2 -t");
        if (Sudo.refused(complaint)) {
            return sudoRefused(
                    values.getOrDefault("account", "ACCOUNT"), result.exitCode() == BROKEN ? test : "", complaint);
        }
        return switch (result.exitCode()) {
            case NO_MASTER, 22 ->
                new PhpDeployException(
                        control.pidFile().isPresent() && !process.isEmpty()
                                ? "the pid file " + control.pidFile().get() + where + " is stale: it names process "
                                        + process
                                        + (result.exitCode() == 22 ? ", which is no Apache" : ", which is gone")
                                : "no Apache was found" + where + lookedFor()
                                        + (process.isEmpty() ? "" : " (process " + process + ")")
                                        + (complaint.isEmpty() ? "" : ": " + complaint),
                        "start Apache, or correct php.modphp.service or php.modphp.pidFile to what \"PidFile\" says in its"
                                + " configuration");
            case 21 ->
                new PhpDeployException(
                        "several Apache masters run" + where + ": " + values.getOrDefault("masters", ""),
                        "say which one with php.modphp.service or php.modphp.pidFile");
            case BROKEN ->
                new PhpDeployException(
                        "Apache's configuration" + where + " does not pass its test; a reload would end the service: "
                                + complaint,
                        control.sudo() || !complaint.contains("ermission denied")
                                ? "correct it until \"" + test + "\" passes" + where
                                        + (control.test().isPresent()
                                                ? ""
                                                : ", or name another test with php.modphp.test")
                                : "set php.sudo, so that it is tested with sudo -n, or name a test with php.modphp.test");
            case 24 ->
                new PhpDeployException(
                        "Apache" + where + " could not be reloaded" + (complaint.isEmpty() ? "" : ": " + complaint),
                        control.sudo()
                                ? "allow it without password in sudoers on " + host.name()
                                : "set php.sudo, or reload as the account that Apache's master runs as");
            case 25 ->
                new PhpDeployException(
                        "Apache" + where + " was told to reload, but after "
                                + control.limit().toSeconds() + " s old children are still there ("
                                + values.getOrDefault("left", "?") + ")",
                        "look for requests that do not end, and for connections that are kept longer than that"
                                + " (KeepAliveTimeout); or wait longer with -Dphp.reloadTimeout=SECONDS");
            case 26 ->
                new PhpDeployException(
                        "Apache" + where + " did not survive its reload", "start it at once, and read its error log");
            case 27 ->
                new PhpDeployException(
                        "Apache" + where + " was told to reload and its old children are gone, but after "
                                + control.limit().toSeconds() + " s there are no new ones",
                        "read its error log, or wait longer with -Dphp.reloadTimeout=SECONDS");
            default -> Complaint.of("Apache could not be looked at", host, result);
        };
    }

    /** What sudo was asked for, and the line that it lacks. */
    private PhpDeployException sudoRefused(String account, String test, String complaint) {
        List<String> command;
        if (!test.isEmpty()) {
            command = List.of(test.split(" "));
        } else if (control.command().isPresent()) {
            command = List.of(control.command().get());
        } else if (control.service().isPresent()) {
            command = List.of("/usr/bin/systemctl", "reload", control.service().get());
        } else {
            command = List.of("/usr/bin/kill", "-" + ApacheMaster.SIGNAL, "[0-9]*");
        }
        return new PhpDeployException(
                "sudo -n refuses to run \"" + String.join(" ", command) + "\" on " + host.name() + ": " + complaint,
                Sudo.advice(account, command));
    }

    private String lookedFor() {
        return control.pidFile()
                .map(file -> " by its pid file " + file)
                .or(() -> control.service().map(service -> " by its service " + service))
                .orElse("");
    }
}
