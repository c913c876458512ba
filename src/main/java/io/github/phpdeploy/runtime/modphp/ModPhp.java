package io.github.phpdeploy.runtime.modphp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.runtime.Finding;
import io.github.phpdeploy.runtime.Intent;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.resident.Fault;
import io.github.phpdeploy.runtime.resident.NothingYet;
import io.github.phpdeploy.runtime.resident.Watch;

/** Apache with mod_php, reloaded gracefully after each switch, and asked by URL which release it executes. */
public final class ModPhp implements Runtime {

    /** What users write for it. */
    public static final String NAME = "modphp";

    /** How often it is asked before anything is switched. */
    private static final int LOOKS = 3;

    /** How long one answer may take. */
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final ModPhpSettings settings;

    /**
     * A runtime.
     *
     * @param settings how Apache is found, asked and reloaded
     */
    public ModPhp(ModPhpSettings settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Service inspect(Place place, Intent intent) {
        ApacheMaster master = master(place);
        ApacheMaster.Found found = master.find();
        if (found.fault().isPresent()) {
            if (!found.runs() && found.seen().current().isEmpty() && intent != Intent.RELOAD) {
                return new NothingYet("Apache", found.fault().get());
            }
            throw found.fault().get();
        }
        ModPhpLook look = look(place, found.seen());
        List<String> warnings = new ArrayList<>();
        for (Fault fault : look.faults()) {
            boolean goesOn = fault.weight() == Fault.Weight.NOTE
                    || (fault.weight() == Fault.Weight.DROPS && settings.allowDrops())
                    // a reload is asked for: whether it brings new code, the proof says
                    || (fault.weight() == Fault.Weight.NEVER && intent == Intent.RELOAD);
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
        return new ModPhpService(place, settings, master, look, warnings);
    }

    @Override
    public List<Finding> diagnose(Place place) {
        List<Finding> findings = new ArrayList<>();
        ApacheMaster master = master(place);
        master.refusedReload().ifPresent(findings::add);
        ApacheMaster.Found found = master.find();
        found.fault().ifPresent(fault -> findings.add(new Finding(true, fault.what(), "deploys fail", fault.advice())));
        if (found.fault().isEmpty()) {
            ModPhpLook look = look(place, found.seen());
            look.faults().forEach(fault -> findings.add(fault.finding()));
            findings.addAll(look.harm());
        }
        return findings;
    }

    private ApacheMaster master(Place place) {
        return new ApacheMaster(place.host(), place.deployPath(), settings.control());
    }

    private ModPhpLook look(Place place, Seen seen) {
        return new ModPhpLook(place, settings, seen, new Watch(place.host(), settings.showing()).ask(LOOKS, ANSWER));
    }
}
