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
        List<String> warnings = new ArrayList<>();
        for (Fault fault : faults(place, look)) {
            boolean goesOn = fault.weight() == Fault.Weight.NOTE
                    || (fault.weight() == Fault.Weight.DROPS && settings.allowDrops())
                    // a reload is asked for: whether it brings new code, the proof says
                    || (fault.weight() == Fault.Weight.NEVER
                            && intent == Intent.RELOAD
                            && !look.seen().workers().isEmpty());
            if (!goesOn) {
                throw new PhpDeployException(
                        fault.what() + ", and so " + fault.cost(),
                        fault.fix()
                                + (fault.weight() == Fault.Weight.DROPS
                                        ? "; -Dphp.allowDrops goes on all the same"
                                        : ""));
            }
            warnings.add(fault.words());
        }
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
        faults.addAll(new Binding(kind, look, place.deployPath()).faults());
        silence(look).ifPresent(faults::add);
        faults.sort(Comparator.comparing(Fault::weight));
        return faults;
    }

    private Optional<Fault> pidFile(Look look) {
        return look.seen()
                .releaseOf(look.seen().pidFile())
                .map(release -> new Fault(
                        Fault.Weight.NEVER,
                        "the pid file " + settings.control().pidFile().orElse("") + " of " + kind.title() + " on "
                                + look.host() + " lies in release " + release,
                        "after a deploy it is not found where it is looked for",
                        kind.pidFile(look.seen().root() + "/shared/" + kind.name() + ".pid")
                                + ", restart the server once, and correct" + " php." + kind.name() + ".pidFile"));
    }

    private Optional<Fault> silence(Look look) {
        String url = settings.showing().url().toString();
        String next = "the new release must show itself there, or the deploy is undone";
        if (!look.silence().isEmpty()) {
            return Optional.of(new Fault(
                    Fault.Weight.NOTE,
                    url + " does not answer on " + look.host() + " (" + look.silence() + ")",
                    "nothing can be said of the release that runs; " + next,
                    "correct php." + kind.name() + ".url, or look into the server's log"));
        }
        if (look.sightings().stream().anyMatch(one -> one.releases().isEmpty())) {
            return Optional.of(new Fault(
                    Fault.Weight.NOTE,
                    url + " on " + look.host() + " does not say which release answers (status "
                            + look.sightings().get(0).status() + ")",
                    next,
                    "have the application send the header field "
                            + settings.showing().header() + ", by the line that the page on runtimes gives, or set php."
                            + kind.name() + ".releaseBody"));
        }
        return Optional.empty();
    }
}
