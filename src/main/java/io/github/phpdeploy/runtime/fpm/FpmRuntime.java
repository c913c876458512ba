package io.github.phpdeploy.runtime.fpm;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Complaint;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.host.Running;
import io.github.phpdeploy.host.Script;
import io.github.phpdeploy.host.ScriptResult;
import io.github.phpdeploy.runtime.Runtime;

/**
 * PHP-FPM, reloaded by its master's signal USR2 or by what the user names. The configuration is tested before, because a
 * reload with a broken one ends the service; and the reload counts as done only when every worker of before is gone,
 * because neither {@code kill} nor {@code systemctl reload} waits for that.
 */
public final class FpmRuntime implements Runtime {

    /** What users write for it. */
    public static final String NAME = "fpm";

    private static final Script SCRIPT = Script.of(FpmRuntime.class, "fpm.sh");

    private final FpmSettings settings;

    /**
     * A runtime.
     *
     * @param settings how FPM is found and reloaded
     */
    public FpmRuntime(FpmSettings settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String inspect(Host host) {
        Map<String, String> said = run(host, "inspect");
        return "reload php-fpm (master " + said.getOrDefault("master", "?").replace(" ", ", workers: ") + ") with "
                + how();
    }

    private String how() {
        return settings.command()
                .map(command -> "its command")
                .or(() -> settings.service().map(service -> "systemctl reload " + service))
                .orElse("signal USR2");
    }

    @Override
    public String reload(Host host) {
        Map<String, String> said = run(host, "reload");
        return said.getOrDefault("gone", "0") + " old php-fpm workers gone, " + said.getOrDefault("up", "0")
                + " new ones up";
    }

    private Map<String, String> run(Host host, String action) {
        List<String> arguments = List.of(
                action,
                settings.service().orElse(""),
                settings.pidFile().orElse(""),
                settings.command().orElse(""),
                settings.test().orElse(""),
                settings.sudo() ? "1" : "0",
                Long.toString(settings.limit().toSeconds()));
        Duration limit = settings.limit().plus(Host.COMMAND_LIMIT);
        ScriptResult result;
        try (Running running = host.start(SCRIPT, arguments, limit)) {
            result = running.finish();
        }
        if (!result.ok()) {
            throw failure(host, result);
        }
        Map<String, String> said = new HashMap<>();
        for (String line : result.lines()) {
            int blank = line.indexOf(' ');
            if (blank > 0) {
                said.put(line.substring(0, blank), Printable.line(line.substring(blank + 1)));
            }
        }
        return said;
    }

    private PhpDeployException failure(Host host, ScriptResult result) {
        String where = " on " + host.name();
        String said = Printable.line(result.text());
        String complaint = result.complaint();
        return switch (result.exitCode()) {
            case 20 ->
                new PhpDeployException(
                        "no php-fpm master was found" + where + lookedFor()
                                + (said.isEmpty() ? "" : " (" + said + " is gone)")
                                + (complaint.isEmpty() ? "" : ": " + complaint),
                        "start php-fpm, or correct php.fpm.service or php.fpm.pidFile");
            case 21 ->
                new PhpDeployException(
                        "several php-fpm masters run" + where + ": " + said,
                        "say which one with php.fpm.service or php.fpm.pidFile");
            case 22 ->
                new PhpDeployException(
                        "the pid file " + settings.pidFile().orElse("") + where + " is stale: it names " + said
                                + ", which is no php-fpm",
                        "correct php.fpm.pidFile to what \"pid =\" says in php-fpm.conf");
            case 23 ->
                new PhpDeployException(
                        "php-fpm's configuration" + where + " does not pass its test; a reload would end the service: "
                                + complaint,
                        settings.sudo() || !complaint.contains("ermission denied")
                                ? "correct it until \"" + tested(said) + "\" passes" + where
                                : "set php.sudo, so that it is tested with sudo -n, or name a test with php.fpm.test");
            case 24 ->
                new PhpDeployException(
                        "php-fpm" + where + " could not be reloaded with " + how()
                                + (complaint.isEmpty() ? "" : ": " + complaint),
                        settings.sudo()
                                ? "allow it without password in sudoers on " + host.name()
                                : "set php.sudo, or reload as the account that php-fpm runs as");
            case 25 ->
                new PhpDeployException(
                        "php-fpm" + where + " was told to reload, but after "
                                + settings.limit().toSeconds() + " s old workers are still there ("
                                + said.replaceAll(".*left ", "") + ")",
                        "look for requests that do not end; set process_control_timeout in php-fpm.conf, or"
                                + " -Dphp.reloadTimeout=SECONDS");
            case 27 ->
                new PhpDeployException(
                        "php-fpm" + where + " was told to reload and its old workers are gone, but after "
                                + settings.limit().toSeconds() + " s there are no new ones",
                        "look into php-fpm's error log, or wait longer with -Dphp.reloadTimeout=SECONDS");
            case 26 ->
                new PhpDeployException(
                        "php-fpm" + where + " did not survive its reload", "start it at once, and read its error log");
            default -> Complaint.of("php-fpm could not be looked at", host, result);
        };
    }

    private String tested(String said) {
        return said.startsWith("test ") ? said.substring(5) : settings.test().orElse("php-fpm -t");
    }

    private String lookedFor() {
        return settings.pidFile()
                .map(file -> " by its pid file " + file)
                .or(() -> settings.service().map(service -> " by its service " + service))
                .orElse("");
    }
}
