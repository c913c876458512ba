package io.github.phpdeploy.runtime.frankenphp;

import java.util.List;

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
 * A FrankenPHP for each release.
 *
 * <p>It is stopped by TERM when nobody is connected to it any more. With requests under way that would not be gentle: Caddy waits for
 * them, without limit unless {@code grace_period} is set, but stops its apps in no fixed order, and so PHP may be gone before them.
 *
 * @param server how it is asked and started
 * @param startsItself whether the user says nothing of how it is started
 */
public record FrankenPhp(HttpServer server, boolean startsItself) implements ServerKind {

    /** What users write for it. */
    public static final String NAME = "frankenphp";

    /** The program, unless somebody names another. */
    public static final String PROGRAM = "frankenphp";

    private static final Script START = Script.of(FrankenPhp.class, "start.sh");
    private static final Script THERE = Script.of(FrankenPhp.class, "there.sh");

    private static final int MISSING = 20;

    /**
     * How it is started unless the user says it.
     *
     * @param program its name or path
     * @param config a worker script (a file that ends in {@code .php}), a document root without workers, or a Caddyfile; may hold
     *     placeholders
     * @return the way
     */
    public static Launch launch(String program, String config) {
        return new Launch(START.text(), program, config);
    }

    @Override
    public Candidate candidate(Place place, Seat seat, String release) {
        return server.candidate(place, seat, release);
    }

    @Override
    public String upstream() {
        return server.upstream();
    }

    @Override
    public List<Finding> diagnose(Place place) {
        if (!startsItself) {
            return List.of();
        }
        String program = server.launch().program();
        ScriptResult result = place.host().run(THERE, List.of(program));
        if (result.ok()) {
            return List.of();
        }
        if (result.exitCode() != MISSING) {
            throw Complaint.of("FrankenPHP could not be looked for", place.host(), result);
        }
        return List.of(new Finding(
                true,
                "there is no program " + program + " on " + place.host().name(),
                "no new FrankenPHP can be started, and deploys fail before anything is switched",
                "install it where the account that deploys finds it, name it with php.frankenphp.program, or say how it is"
                        + " started with php.replace.start"));
    }
}
