package io.github.phpdeploy.runtime.fpm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Complaint;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.host.Running;
import io.github.phpdeploy.host.Script;
import io.github.phpdeploy.host.ScriptResult;
import io.github.phpdeploy.runtime.Finding;
import io.github.phpdeploy.runtime.Processes;
import io.github.phpdeploy.runtime.Sudo;

/**
 * The master process of PHP-FPM on a host. Its configuration is tested before each reload, because a reload with a broken one
 * ends the service; and a reload has ended only when every worker of before is gone, because neither {@code kill} nor
 * {@code systemctl reload} waits for that.
 *
 * @param host where it runs
 * @param control how it is found and reloaded
 */
record FpmMaster(Host host, FpmSettings.Control control) {

    private static final Script SCRIPT = Processes.FUNCTIONS.then(Script.of(FpmMaster.class, "fpm.sh"));

    /**
     * A master that was found, with a configuration that passes its test.
     *
     * @param pid its process id
     * @param workers each of its workers, as process id and start time
     * @param owner the account that it runs as; empty where that is not known
     * @param somaxconn how long the kernel lets any queue of connections become
     * @param directory its working directory; empty where that may not be seen
     * @param files where its configuration is, as it was told
     * @param config its configuration, as it would be read now
     */
    record Seen(
            String pid,
            List<String> workers,
            String owner,
            OptionalInt somaxconn,
            String directory,
            List<String> files,
            FpmConfig config) {

        private boolean onDemand() {
            return config.pools().values().stream().anyMatch(pool -> "ondemand".equals(pool.get("pm")));
        }
    }

    /** Whether sudo would refuse to have it reload. The master need not be there. */
    Optional<Finding> refusedReload() {
        return control.sudo() ? Sudo.checkReload(host, control.command(), control.service(), "USR2") : Optional.empty();
    }

    /** Looks at the master and tests its configuration. */
    Seen inspect() {
        return seen(run("inspect", List.of()));
    }

    /** Tests the configuration and has the master reload. Returns at once, with the workers that are to go. */
    Seen reload() {
        return seen(run("reload", List.of()));
    }

    /**
     * Waits until all workers are gone that were there when a reload began.
     *
     * @return how many have gone and come, in one clause
     */
    String await(Seen before) {
        List<String> more = new ArrayList<>(List.of(before.pid(), before.onDemand() ? "1" : "0"));
        more.addAll(before.workers());
        String gone = "0";
        String up = "0";
        for (String line : run("await", more).lines()) {
            gone = line.startsWith("gone ") ? Printable.line(line.substring(5)) : gone;
            up = line.startsWith("up ") ? Printable.line(line.substring(3)) : up;
        }
        return gone + " old php-fpm workers gone, " + up + " new ones up";
    }

    private static Seen seen(ScriptResult result) {
        String pid = "?";
        String owner = "";
        OptionalInt somaxconn = OptionalInt.empty();
        List<String> workers = new ArrayList<>();
        String directory = "";
        List<String> files = new ArrayList<>();
        List<String> config = new ArrayList<>();
        for (String line : result.lines()) {
            int blank = line.indexOf(' ');
            String value = Printable.line(line.substring(blank + 1));
            switch (line.substring(0, Math.max(0, blank))) {
                case "master" -> pid = value;
                case "worker" -> workers.add(value);
                case "owner" -> owner = value;
                case "cwd" -> directory = value;
                case "file" -> files.add(value);
                case "somaxconn" ->
                    somaxconn =
                            value.matches("[0-9]{1,9}") ? OptionalInt.of(Integer.parseInt(value)) : OptionalInt.empty();
                case "config" -> config.add(value);
                default -> {}
            }
        }
        return new Seen(pid, workers, owner, somaxconn, directory, files, FpmConfig.parse(config));
    }

    /** How it is reloaded, for humans. */
    String how() {
        return control.command()
                .map(command -> "its command")
                .or(() -> control.service().map(service -> "systemctl reload " + service))
                .orElse("signal USR2");
    }

    private ScriptResult run(String action, List<String> more) {
        List<String> arguments = new ArrayList<>(List.of(
                action,
                control.service().orElse(""),
                control.pidFile().orElse(""),
                control.command().orElse(""),
                control.test().orElse(""),
                control.sudo() ? "1" : "0",
                Long.toString(control.limit().toSeconds())));
        arguments.addAll(more);
        Duration limit = control.limit().plus(Host.COMMAND_LIMIT);
        try (Running running = host.start(SCRIPT, arguments, limit)) {
            ScriptResult result = running.finish();
            if (!result.ok()) {
                throw failure(result);
            }
            return result;
        }
    }

    private PhpDeployException failure(ScriptResult result) {
        String where = " on " + host.name();
        String account = "ACCOUNT";
        StringBuilder rest = new StringBuilder();
        for (String line : result.lines()) {
            if (line.startsWith("account ")) {
                account = Printable.line(line.substring(8));
            } else {
                rest.append(line).append(' ');
            }
        }
        String said = Printable.line(rest.toString()).strip();
        String complaint = result.complaint();
        if (Sudo.refused(complaint)) {
            return sudoRefused(result.exitCode(), account, said, complaint);
        }
        return switch (result.exitCode()) {
            case 20 ->
                new PhpDeployException(
                        control.pidFile().isPresent() && !said.isEmpty()
                                ? "the pid file " + control.pidFile().get() + where + " is stale: it names " + said
                                        + ", which is gone"
                                : "no php-fpm master was found" + where + lookedFor()
                                        + (said.isEmpty() ? "" : " (" + said + " is gone)")
                                        + (complaint.isEmpty() ? "" : ": " + complaint),
                        "start php-fpm, or correct php.fpm.service or php.fpm.pidFile");
            case 21 ->
                new PhpDeployException(
                        "several php-fpm masters run" + where + ": " + said,
                        "say which one with php.fpm.service or php.fpm.pidFile");
            case 22 ->
                new PhpDeployException(
                        "the pid file " + control.pidFile().orElse("") + where + " is stale: it names " + said
                                + ", which is no php-fpm",
                        "correct php.fpm.pidFile to what \"pid =\" says in php-fpm.conf");
            case 23 ->
                new PhpDeployException(
                        "php-fpm's configuration" + where + " does not pass its test; a reload would end the service: "
                                + complaint,
                        control.sudo() || !complaint.contains("ermission denied")
                                ? "correct it until \"" + tested(said) + "\" passes" + where
                                : "set php.sudo, so that it is tested with sudo -n, or name a test with php.fpm.test");
            case 24 ->
                new PhpDeployException(
                        "php-fpm" + where + " could not be reloaded with " + how()
                                + (complaint.isEmpty() ? "" : ": " + complaint),
                        control.sudo()
                                ? "allow it without password in sudoers on " + host.name()
                                : "set php.sudo, or reload as the account that php-fpm runs as");
            case 25 ->
                new PhpDeployException(
                        "php-fpm" + where + " was told to reload, but after "
                                + control.limit().toSeconds() + " s old workers are still there ("
                                + said.replaceAll(".*left ", "") + ")",
                        "look for requests that do not end; set process_control_timeout in php-fpm.conf, or"
                                + " -Dphp.reloadTimeout=SECONDS");
            case 27 ->
                new PhpDeployException(
                        "php-fpm" + where + " was told to reload and its old workers are gone, but after "
                                + control.limit().toSeconds() + " s there are no new ones",
                        "look into php-fpm's error log, or wait longer with -Dphp.reloadTimeout=SECONDS");
            case 26 ->
                new PhpDeployException(
                        "php-fpm" + where + " did not survive its reload", "start it at once, and read its error log");
            default -> Complaint.of("php-fpm could not be looked at", host, result);
        };
    }

    private PhpDeployException sudoRefused(int exitCode, String account, String said, String complaint) {
        List<String> command = new ArrayList<>();
        if (exitCode == 23) {
            command.addAll(
                    List.of(tested(said).replaceFirst(" -t( |$)", " -tt$1").split(" ")));
        } else if (control.command().isPresent()) {
            command.add(control.command().get());
        } else if (control.service().isPresent()) {
            command.addAll(
                    List.of("/usr/bin/systemctl", "reload", control.service().get()));
        } else {
            command.addAll(List.of("/usr/bin/kill", "-USR2", "[0-9]*"));
        }
        return new PhpDeployException(
                "sudo -n refuses to run \"" + String.join(" ", command) + "\" on " + host.name() + ": " + complaint,
                Sudo.advice(account, command));
    }

    private String tested(String said) {
        return said.startsWith("test ") ? said.substring(5) : control.test().orElse("php-fpm -t");
    }

    private String lookedFor() {
        return control.pidFile()
                .map(file -> " by its pid file " + file)
                .or(() -> control.service().map(service -> " by its service " + service))
                .orElse("");
    }
}
