package io.github.phpdeploy.runtime.resident;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.runtime.Finding;
import io.github.phpdeploy.runtime.Intent;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.Sudo;

/**
 * A PHP server that lives on between requests, reloaded in place by signal. Its processes are looked at from the host, and it is
 * asked by URL which release it executes; what would lose requests or go on with old code is refused before anything is
 * switched.
 */
public final class ResidentRuntime implements Runtime {

    /** How often it is asked before anything is switched. */
    private static final int LOOKS = 3;

    /** How long one answer may take. */
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final Kind kind;
    private final ResidentSettings settings;

    /**
     * A runtime.
     *
     * @param kind what it is
     * @param settings how it is found, asked and reloaded
     */
    public ResidentRuntime(Kind kind, ResidentSettings settings) {
        this.kind = kind;
        this.settings = settings;
    }

    @Override
    public String name() {
        return kind.name();
    }

    @Override
    public Service inspect(Place place, Intent intent) {
        ResidentMaster.Found found = master(place).find("auto");
        if (found.absence().isPresent()) {
            // its start file may lie in the release that is the first: then there can be no server yet
            if (found.seen().current().isEmpty() && intent != Intent.RELOAD) {
                return new NothingYet(kind.title(), found.absence().get());
            }
            throw found.absence().get();
        }
        Look look = look(place, found.seen());
        boolean toReload = intent == Intent.RELOAD && !look.seen().workers().isEmpty();
        List<String> warnings = Fault.pass(faults(place, look), settings.allowDrops(), toReload);
        return new ResidentService(place, kind, settings, master(place), look, warnings);
    }

    @Override
    public List<Finding> diagnose(Place place) {
        try {
            Look look = look(place, master(place).inspect("auto"));
            return faults(place, look).stream().map(Fault::finding).toList();
        } catch (PhpDeployException e) {
            return List.of(new Finding(true, e.what(), "deploys fail", e.advice()));
        }
    }

    private ResidentMaster master(Place place) {
        return new ResidentMaster(
                place.host(),
                place.deployPath(),
                kind,
                settings.control(),
                settings.showing().url());
    }

    private Look look(Place place, Seen first) {
        Watch watch = new Watch(place.host(), settings.showing());
        Watch.Round round = watch.ask(LOOKS, ANSWER);
        boolean keptAlive = !round.sightings().isEmpty() && watch.isKeptAlive(ANSWER);
        Look look = new Look(place.host().name(), first, round.sightings(), round.silence(), keptAlive);
        String depth = kind.depth(look.detail("mode"));
        if (depth.equals("auto") || depth.equals(first.deep() ? "2" : "1")) {
            return look;
        }
        return new Look(
                place.host().name(), master(place).inspect(depth), round.sightings(), round.silence(), keptAlive);
    }

    private List<Fault> faults(Place place, Look look) {
        List<Fault> faults = new ArrayList<>(kind.faults(look, settings));
        pidFile(look).ifPresent(faults::add);
        if (settings.control().sudo()) {
            Sudo.checkReload(place.host(), Optional.empty(), Optional.empty(), kind.signal())
                    .map(refused -> new Fault(Fault.Weight.NEVER, refused.what(), refused.cost(), refused.fix()))
                    .ifPresent(faults::add);
        }
        faults.addAll(new Binding(kind, look, place.deployPath()).faults());
        new Watch(place.host(), settings.showing())
                .doubt(kind.name(), new Watch.Round(look.sightings(), look.silence()))
                .ifPresent(faults::add);
        faults.sort(Comparator.comparing(Fault::weight));
        return faults;
    }

    private Optional<Fault> pidFile(Look look) {
        return look.seen()
                .releaseOf(look.seen().pidFile())
                .map(release -> new Fault(
                        Fault.Weight.NEVER,
                        "the " + kind.pidTitle() + " "
                                + settings.control().pidFile().orElse("") + " of " + kind.title() + " on " + look.host()
                                + " lies in release " + release,
                        "after a deploy it is not found where it is looked for",
                        kind.pidFile(look.seen().root() + "/shared/" + kind.name() + ".pid")
                                + ", restart the server once, and correct php." + kind.name() + "."
                                + kind.pidProperty()));
    }
}
