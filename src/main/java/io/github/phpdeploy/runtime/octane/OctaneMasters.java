package io.github.phpdeploy.runtime.octane;

import java.util.List;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Complaint;
import io.github.phpdeploy.host.Script;
import io.github.phpdeploy.host.ScriptResult;
import io.github.phpdeploy.runtime.Finding;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.replace.HttpServer;
import io.github.phpdeploy.runtime.replace.Launch;
import io.github.phpdeploy.runtime.replace.Seat;
import io.github.phpdeploy.runtime.replace.ServerKind;

/**
 * An Octane for each release. Each must keep its state in a file of its own: when a server has ended, the Octane that started it runs
 * {@code octane:stop}, which kills whatever processes that file names, and by then these may be the new release's.
 *
 * <p>The server itself is stopped, by TERM to the process that listens, when nobody is connected to it any more: Swoole does not wait
 * for requests under way.
 *
 * @param server how it is asked
 * @param which the server that Octane is to run on; empty for what {@code config/octane.php} says
 * @param program php, by its name or path
 */
public record OctaneMasters(HttpServer server, Optional<OctaneServer> which, String program) implements ServerKind {

    private static final Script START = Script.of(OctaneMasters.class, "start.sh");
    private static final Script SHARED = Script.of(OctaneMasters.class, "shared.sh");

    private static final String COST =
            "the Octane whose server ends runs octane:stop, which kills the processes that this file names, be they the new"
                    + " release's";

    private static final String FIX =
            "write \"if ($file = getenv('OCTANE_STATE_FILE')) { config(['octane.state_file' => $file]); }\" in register() of"
                    + " the application's AppServiceProvider, and set that variable where the start command is your own";

    @Override
    public String upstream() {
        return server.upstream();
    }

    @Override
    public Candidate candidate(Place place, Seat seat, String release) {
        String own = place.deployPath() + "/.php-deploy/replace/octane-" + release + "-" + seat.color() + ".json";
        String command = "server=" + which.map(OctaneServer::option).orElse("") + "\n" + START.text();
        Candidate asked = new HttpServer(server.sight(), server.limit(), new Launch(command, program, own))
                .candidate(place, seat, release);
        return new Candidate() {
            @Override
            public String command() {
                return asked.command();
            }

            @Override
            public String program() {
                return asked.program();
            }

            @Override
            public String config() {
                return asked.config();
            }

            @Override
            public String tried() {
                String seen = asked.tried();
                shared(place, release, own, seat.port()).ifPresent(file -> {
                    throw new PhpDeployException(
                            "the new Octane at " + seat + " on " + place.host().name() + " keeps its state in " + file
                                    + ", as that of every release does, and so " + COST,
                            FIX);
                });
                return seen;
            }

            @Override
            public String proved() {
                return asked.proved();
            }
        };
    }

    /** Where a release's Octane keeps its state, if that is not its own. */
    private static Optional<String> shared(Place place, String release, String own, String port) {
        ScriptResult result = place.host().run(SHARED, List.of(place.deployPath(), release, own, port));
        if (!result.ok()) {
            throw Complaint.of("Octane's state file could not be looked for", place.host(), result);
        }
        return result.lines().stream()
                .filter(line -> line.startsWith("shared "))
                .map(line -> line.substring(7))
                .findFirst();
    }

    @Override
    public List<Finding> diagnose(Place place) {
        String current = StateFile.read(place, Optional.empty()).current();
        if (current.isEmpty()) {
            return List.of();
        }
        return shared(place, current, "", "")
                .map(file -> List.of(new Finding(
                        true,
                        "an Octane that runs on " + place.host().name() + " keeps its state in " + file
                                + ", as that of every release does",
                        COST,
                        FIX)))
                .orElse(List.of());
    }
}
