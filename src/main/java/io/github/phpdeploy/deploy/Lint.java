package io.github.phpdeploy.deploy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Complaint;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.host.Running;
import io.github.phpdeploy.host.Script;
import io.github.phpdeploy.host.ScriptResult;

/** Has a host check the syntax of PHP files with its own PHP, before anybody is served by them. */
final class Lint {

    private static final Script LINT = Script.of(Lint.class, "lint.sh");

    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final int NO_PHP = 51;
    private static final int BROKEN = 52;

    private Lint() {}

    /**
     * Checks.
     *
     * @param host where they are
     * @param directory what their paths are relative to
     * @param files all that have come; those that are no PHP files are passed over
     * @throws PhpDeployException when one does not parse, or there is no PHP
     */
    static void check(Host host, String directory, List<String> files) {
        List<String> php = files.stream()
                .filter(file -> file.toLowerCase(Locale.ROOT).endsWith(".php") && file.indexOf('\n') < 0)
                .toList();
        if (php.isEmpty()) {
            return;
        }
        try (Running running = host.start(LINT, List.of(directory), LIMIT)) {
            try {
                for (String file : php) {
                    running.stdin().write(("./" + file + "\n").getBytes(StandardCharsets.UTF_8));
                }
            } catch (IOException ignored) {
                // it has ended before it had read all; its exit code says why
            }
            ScriptResult result = running.finish();
            if (result.ok()) {
                return;
            }
            String said = Printable.line(result.lines().stream().findFirst().orElse(""));
            throw switch (result.exitCode()) {
                case NO_PHP ->
                    new PhpDeployException(
                            "php.lint is set, and " + host.name() + " has no program php",
                            "install PHP's command line there, or do without php.lint");
                case BROKEN ->
                    new PhpDeployException(
                            "the release does not pass php -l on " + host.name() + ": " + said,
                            "correct it and deploy again");
                default -> Complaint.of("the syntax of the release could not be checked", host, result);
            };
        }
    }
}
