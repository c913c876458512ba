package io.github.phpdeploy.runtime.roadrunner;

import java.util.ArrayList;
import java.util.List;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.runtime.Finding;
import io.github.phpdeploy.runtime.Intent;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.Sudo;
import io.github.phpdeploy.runtime.resident.Fault;
import io.github.phpdeploy.runtime.resident.NothingYet;

/**
 * RoadRunner, whose workers {@code rr reset} replaces. While it does so its listeners stay, and new requests wait: the plugin
 * {@code http} holds a lock while it serves a request, and a reset takes that lock, so that none is cut off ({@code
 * plugin.go}, in its versions from 2.0 to 6.0). Then all workers are ended, and as many are started ({@code
 * static_pool/pool.go}).
 *
 * @param settings how it is found, asked and reset
 */
public record RoadRunnerRuntime(RoadRunnerSettings settings) implements Runtime {

    /** What users write for it. */
    public static final String NAME = "roadrunner";

    /** What it is called. */
    static final String TITLE = "RoadRunner";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Service inspect(Place place, Intent intent) {
        RoadRunnerMaster master = new RoadRunnerMaster(place, settings);
        RoadRunnerMaster.Found found = master.find();
        if (found.absence().isPresent()) {
            // its worker lies in the first release: then there can be no server yet
            if (found.seen().current().isEmpty() && intent != Intent.RELOAD) {
                return new NothingYet(TITLE, found.absence().get());
            }
            throw found.absence().get();
        }
        List<Fault> faults = new RoadRunnerFaults(place, settings, found.seen()).all();
        List<String> warnings = Fault.pass(faults, settings.allowDrops(), intent == Intent.RELOAD);
        return new RoadRunnerService(place, settings, master, found.seen(), warnings);
    }

    @Override
    public List<Finding> diagnose(Place place) {
        RoadRunnerMaster master = new RoadRunnerMaster(place, settings);
        List<Finding> findings = new ArrayList<>();
        if (settings.sudo()) {
            for (String command : List.of("workers", "reset")) {
                Sudo.check(place.host(), master.command(command), master.command(command))
                        .ifPresent(findings::add);
            }
        }
        RoadRunnerMaster.Found found = master.find();
        if (found.absence().isPresent()) {
            PhpDeployException absence = found.absence().get();
            findings.add(new Finding(true, absence.what(), "deploys fail", absence.advice()));
        } else {
            new RoadRunnerFaults(place, settings, found.seen())
                    .all().stream().map(Fault::finding).forEach(findings::add);
        }
        return findings;
    }
}
