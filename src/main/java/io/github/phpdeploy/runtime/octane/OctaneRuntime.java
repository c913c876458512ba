package io.github.phpdeploy.runtime.octane;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.runtime.Finding;
import io.github.phpdeploy.runtime.Intent;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.resident.ResidentRuntime;
import io.github.phpdeploy.runtime.resident.ResidentSettings;

/**
 * Laravel Octane, reloaded in place: on Swoole alone, and there only when it is not bound to a release. Octane's own reload does no
 * more than send the same signal, and its {@code octane:stop} kills all processes at once; neither is used.
 */
public final class OctaneRuntime implements Runtime {

    /** What users write for it. */
    public static final String NAME = OctaneKind.OCTANE;

    private final Optional<OctaneServer> server;
    private final Optional<String> stateFile;
    private final ResidentSettings settings;

    /**
     * A runtime.
     *
     * @param server the server that Octane runs on; empty for what its state file shows
     * @param stateFile where Octane keeps its state; empty for where it does unless told otherwise
     * @param settings how it is asked and reloaded; its pid file is taken from the state file
     */
    public OctaneRuntime(Optional<OctaneServer> server, Optional<String> stateFile, ResidentSettings settings) {
        this.server = server;
        this.stateFile = stateFile;
        this.settings = settings;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Service inspect(Place place, Intent intent) {
        StateFile state = StateFile.read(place, stateFile);
        server(state).filter(one -> one != OctaneServer.SWOOLE).ifPresent(other -> {
            Finding finding = elsewhere(place, other);
            throw new PhpDeployException(finding.what() + ", and so " + finding.cost(), finding.fix());
        });
        return swoole(state).inspect(place, intent);
    }

    @Override
    public List<Finding> diagnose(Place place) {
        StateFile state = StateFile.read(place, stateFile);
        Optional<OctaneServer> other = server(state).filter(one -> one != OctaneServer.SWOOLE);
        return other.isPresent()
                ? List.of(elsewhere(place, other.get()))
                : swoole(state).diagnose(place);
    }

    private Optional<OctaneServer> server(StateFile state) {
        // what runs counts more than what is said of it
        return state.server().or(() -> server);
    }

    private static Finding elsewhere(Place place, OctaneServer other) {
        return new Finding(
                true,
                "Octane on " + place.host().name() + " runs on " + other.title()
                        + ", and started it by the path of a release",
                other == OctaneServer.ROADRUNNER
                        ? "octane:reload (rr reset) goes on with that release, and when new workers do not start, the old ones"
                                + " are gone already"
                        : "octane:reload goes on with that release, and requests may be lost while PHP is started anew",
                "set php.octane.strategy=replace");
    }

    private Runtime swoole(StateFile state) {
        ResidentSettings.Control control = settings.control();
        return new ResidentRuntime(
                new OctaneKind(),
                new ResidentSettings(
                        new ResidentSettings.Control(
                                Optional.of(state.path()),
                                Optional.empty(),
                                control.kept(),
                                control.sudo(),
                                control.limit()),
                        settings.showing(),
                        settings.strategy(),
                        settings.longestRequest(),
                        settings.maxWaitTime().or(() -> state.maxWaitTime().map(Duration::ofSeconds)),
                        settings.allowDrops()));
    }
}
