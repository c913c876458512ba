package io.github.phpdeploy.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.host.Running;
import io.github.phpdeploy.host.Script;
import io.github.phpdeploy.host.ScriptResult;

/**
 * A command of the user's that a release must pass before it becomes current: it runs in the release's directory, with
 * {@code release} and {@code releasePath} in its variables, and must exit with 0.
 *
 * @param setting what users call it, such as {@code php.command.preview}
 * @param command the command, run by {@code sh}
 * @param limit how long it may take; it is ended then
 */
public record Preview(String setting, String command, Duration limit) {

    /** Runs a command in a release's directory: {@code ROOT RELEASE PREVIOUS COMMAND}. */
    public static final Script IN_RELEASE = Script.of(Preview.class, "hook.sh");

    private static final Script SCRIPT = Script.of(Preview.class, "preview.sh").then(IN_RELEASE);

    /**
     * Tries a release.
     *
     * @param place where
     * @param release its name
     * @return what came of it, in one clause
     * @throws PhpDeployException when it fails, or takes too long
     */
    public String run(Place place, String release) {
        String what = setting + " \"" + Printable.line(command) + "\"";
        List<String> arguments = List.of(place.deployPath(), release, "", command);
        try (Running running = place.host().start(SCRIPT, arguments, limit)) {
            // all that it says, before its input ends, which would end it
            String said = new String(running.stdout().readAllBytes(), StandardCharsets.UTF_8);
            if (running.isTimedOut()) {
                throw new IOException("time limit");
            }
            ScriptResult result = running.finish();
            if (!result.ok()) {
                throw new PhpDeployException(
                        what + " failed in release " + release + " on "
                                + place.host().name() + " with exit code " + result.exitCode() + last(said),
                        "correct what it says, then deploy again");
            }
            return what + " succeeded";
        } catch (IOException e) {
            throw new PhpDeployException(
                    what + " in release " + release + " on " + place.host().name() + " did not end within "
                            + limit.toSeconds() + " s, or the connection was lost",
                    "see what it waits for; -Dphp.reloadTimeout=SECONDS gives it longer",
                    e);
        }
    }

    private static String last(String said) {
        return said.lines()
                .filter(line -> !line.isBlank())
                .reduce((first, second) -> second)
                .map(line -> ": " + Printable.line(line))
                .orElse("");
    }
}
