package io.github.phpdeploy.runtime.command;

import java.time.Duration;
import java.util.List;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.host.Running;
import io.github.phpdeploy.host.Script;
import io.github.phpdeploy.host.ScriptResult;
import io.github.phpdeploy.runtime.Finding;
import io.github.phpdeploy.runtime.Generation;
import io.github.phpdeploy.runtime.Intent;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.Sudo;

/**
 * A runtime that we know nothing of but the command that reloads it. Its exit code is all there is to go by: use a health
 * check that shows the release to be sure.
 *
 * @param reload the command, run by {@code sh}
 * @param sudo whether it goes through {@code sudo -n}
 * @param limit how long it may take
 */
public record CommandRuntime(String reload, boolean sudo, Duration limit) implements Runtime {

    /** What users write for it. */
    public static final String NAME = "command";

    private static final Script SCRIPT = Script.of(CommandRuntime.class, "command.sh");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Service inspect(Place place, Intent intent) {
        return new Service() {
            @Override
            public String way() {
                return "run: " + Printable.line(reload);
            }

            @Override
            public Generation reload() {
                run(place.host());
                return Generation.none("the reload command succeeded");
            }

            @Override
            public String await(Generation old) {
                return old.how();
            }
        };
    }

    @Override
    public List<Finding> diagnose(Place place) {
        return sudo
                ? Sudo.words(reload)
                        .flatMap(words -> Sudo.check(place.host(), words, words))
                        .map(List::of)
                        .orElse(List.of())
                : List.of();
    }

    private void run(Host host) {
        try (Running running = host.start(SCRIPT, List.of(reload, sudo ? "1" : "0"), limit)) {
            ScriptResult result = running.finish();
            if (!result.ok()) {
                String said = result.complaint();
                throw new PhpDeployException(
                        "the reload command failed on " + host.name() + " with exit code " + result.exitCode()
                                + (said.isEmpty() ? "" : ": " + said),
                        "run it by hand there: " + Printable.line(reload));
            }
        }
    }
}
