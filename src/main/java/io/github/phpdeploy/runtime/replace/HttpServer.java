package io.github.phpdeploy.runtime.replace;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.runtime.Place;

/**
 * A server that speaks HTTP by itself: Swoole, Workerman, RoadRunner, FrankenPHP, and all others.
 *
 * @param sight how it shows which release it executes
 * @param limit how long it may take to show it
 * @param launch how it is started unless the user says it
 */
public record HttpServer(Sight sight, Duration limit, Launch launch) implements ServerKind {

    /** How many new connections in a row must show the release. */
    private static final int CONNECTIONS = 10;

    private static final long PAUSE_MILLIS = 100;

    private static final Advice MASTER = new Advice(
            "start it from ${releasePath}, and not by way of current, which is switched later; see that nothing else"
                    + " listens there",
            "see that php.replace.url answers with status 200 and names the release; give a slow start more time with"
                    + " -Dphp.proveTimeout=SECONDS");

    /**
     * What to do about a server that is not as it must be.
     *
     * @param stale when it shows another release
     * @param silent when it shows none
     */
    public record Advice(String stale, String silent) {}

    /** A server that only the user knows how to start. */
    public HttpServer(Sight sight, Duration limit) {
        this(sight, limit, Launch.NONE);
    }

    /**
     * Asks a site until so many answers in a row show a release.
     *
     * @param place the site
     * @param release what it must show at its {@code siteUrl}
     * @param advice what to do when it does not
     * @return what was seen, in one clause
     * @throws PhpDeployException when it does not show the release within the time allowed
     */
    public String siteShows(Place place, String release, Advice advice) {
        return showing("the site", place, release, () -> sight.askSite(place, release), advice);
    }

    @Override
    public String upstream() {
        return "# release ${release}\nserver ${server};";
    }

    @Override
    public boolean asksThroughProxy() {
        return sight.siteUrl().isPresent();
    }

    @Override
    public Candidate candidate(Place place, Seat seat, String release) {
        return new Candidate() {
            @Override
            public String command() {
                return launch.command();
            }

            @Override
            public String program() {
                return launch.program();
            }

            @Override
            public String config() {
                return Placeholders.fill(launch.config(), seat, release, place.release(release));
            }

            @Override
            public String tried() {
                return showing(
                        "the new master at " + seat, place, release, () -> sight.ask(place, seat, release), MASTER);
            }

            @Override
            public String proved() {
                String master = tried();
                return sight.siteUrl().isEmpty()
                        ? master
                        : master + "; through the proxy " + siteShows(place, release, MASTER);
            }
        };
    }

    /** Asks until so many answers in a row show the release. */
    private String showing(
            String who, Place place, String release, Supplier<Optional<String>> question, Advice advice) {
        long end = System.nanoTime() + limit.toNanos();
        int good = 0;
        while (good < CONNECTIONS) {
            Optional<String> fault = question.get();
            good = fault.isEmpty() ? good + 1 : 0;
            if (fault.isPresent() && System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS) > end) {
                throw new PhpDeployException(
                        who + " on " + place.host().name() + " " + fault.get()
                                + (fault.get().startsWith("shows") ? ", and not " + release : "")
                                + ", after " + limit.toSeconds() + " s",
                        fault.get().startsWith("shows") ? advice.stale() : advice.silent());
            }
            if (fault.isPresent()) {
                pause();
            }
        }
        return CONNECTIONS + " new connections show " + release;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PhpDeployException("the proof was interrupted", "run the build again", e);
        }
    }
}
