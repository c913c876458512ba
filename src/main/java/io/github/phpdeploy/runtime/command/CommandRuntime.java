package io.github.phpdeploy.runtime.command;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.host.Script;
import io.github.phpdeploy.runtime.Finding;
import io.github.phpdeploy.runtime.Intent;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Preview;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.Sudo;
import io.github.phpdeploy.runtime.resident.Fault;
import io.github.phpdeploy.runtime.resident.ResidentSettings;
import io.github.phpdeploy.runtime.resident.Watch;

/**
 * A runtime that we know nothing of but the command that reloads it. Its exit code proves nothing; a page that shows the
 * release does.
 *
 * @param reload the command, run by {@code sh}
 * @param sudo whether it goes through {@code sudo -n}
 * @param limit how long it may take
 * @param page where and how the site shows which release it executes; empty where it does not
 * @param trial what a release must pass before it becomes current; empty for nothing
 */
public record CommandRuntime(
        String reload, boolean sudo, Duration limit, Optional<ResidentSettings.Showing> page, Optional<Preview> trial)
        implements Runtime {

    /** What users write for it. */
    public static final String NAME = "command";

    private static final Script CURRENT = Script.of(CommandRuntime.class, "current.sh");

    /** How often the page is asked before anything is switched. */
    private static final int LOOKS = 3;

    /** How long one answer may take. */
    private static final Duration ANSWER = Duration.ofSeconds(10);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Service inspect(Place place, Intent intent) {
        List<String> warnings = faults(place).stream().map(Fault::words).toList();
        return new CommandService(this, place, warnings);
    }

    @Override
    public List<Finding> diagnose(Place place) {
        List<Finding> findings = new ArrayList<>();
        if (sudo) {
            Sudo.words(reload)
                    .flatMap(words -> Sudo.check(place.host(), words, words))
                    .ifPresent(findings::add);
        }
        faults(place).stream().map(Fault::finding).forEach(findings::add);
        return findings;
    }

    /** What is not as it should be; none of it stands in the way, because the proof finds out what comes of it. */
    private List<Fault> faults(Place place) {
        if (page.isEmpty()) {
            return List.of(new Fault(
                    Fault.Weight.NOTE,
                    "nothing shows which release is executed",
                    "the exit code of \"" + Printable.line(reload) + "\" proves nothing, and old code may be served",
                    "name a page that shows the release with php.command.url"));
        }
        String current = current(place);
        if (current.isEmpty()) {
            // what the first release brings may well be what answers
            return List.of();
        }
        Watch watch = new Watch(place.host(), page.get());
        Watch.Round round = watch.ask(LOOKS, ANSWER);
        List<Fault> faults = new ArrayList<>();
        watch.doubt(NAME, round).ifPresent(faults::add);
        TreeSet<String> others = round.releases();
        others.remove(current);
        if (!others.isEmpty()) {
            faults.add(new Fault(
                    Fault.Weight.NOTE,
                    watch.url() + " on " + place.host().name() + " shows release " + String.join(", ", others)
                            + ", and current is " + current,
                    "the last reload brought no new code, and this one may not either; the deploy is undone then",
                    "run \"" + Printable.line(reload) + "\" there by hand, and see what keeps the old code"));
        }
        return faults;
    }

    private static String current(Place place) {
        return place.host().run(CURRENT, List.of(place.deployPath())).lines().stream()
                .filter(line -> line.startsWith("current "))
                .map(line -> Printable.line(line.substring(8)))
                .findFirst()
                .orElse("");
    }
}
