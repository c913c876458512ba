package io.github.phpdeploy.runtime.modphp;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.resident.Watch;

/**
 * Finds out which release Apache executes: by what it shows over new connections, which are open at the same time, so that as many
 * children answer. A child that was made when the reload had just begun takes one more connection with old code, before it sees that
 * it is not of the new generation: these connections are better ours than a visitor's.
 *
 * @param place where
 * @param settings where and how it shows that
 * @param late tells which children are there that may be such
 */
record ModPhpProof(Place place, ModPhpSettings settings, Supplier<List<String>> late) {

    /** How often it is asked once more on behalf of those: they may be of the new generation, and stay. */
    private static final int LATE_ROUNDS = 5;

    /** How many new connections in a row must show the release. */
    static final int CONNECTIONS = 10;

    private static final long PAUSE_MILLIS = 100;

    /** What a round is given at least: with less it would only hide what the one before found. */
    private static final long MIN_MILLIS = 500;

    /**
     * Proves.
     *
     * @param release what must be executed
     * @return what was seen, in one clause
     * @throws PhpDeployException when anything else is executed, or nothing can be seen, after the time allowed
     */
    String prove(String release) {
        Watch watch = new Watch(place.host(), settings.showing());
        long end = System.nanoTime() + settings.showing().limit().toNanos();
        int more = 0;
        while (true) {
            long left = Math.max(MIN_MILLIS, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
            Watch.Round round = watch.ask(CONNECTIONS, Duration.ofMillis(left));
            boolean shows =
                    round.silence().isEmpty() && round.sightings().stream().allMatch(one -> one.shows(release));
            if (shows && (++more > LATE_ROUNDS || late.get().isEmpty())) {
                return CONNECTIONS + " new connections show " + release;
            }
            boolean goesOn = pause() && end - System.nanoTime() >= TimeUnit.MILLISECONDS.toNanos(MIN_MILLIS);
            if (!shows && !goesOn) {
                throw fault(round, release);
            }
        }
    }

    private PhpDeployException fault(Watch.Round round, String release) {
        String url = settings.showing().url().toString();
        String where = " on " + place.host().name();
        Set<String> others = round.sightings().stream()
                .flatMap(one -> one.releases().stream())
                .filter(name -> !name.equals(release))
                .collect(Collectors.toCollection(TreeSet::new));
        if (!others.isEmpty()) {
            return new PhpDeployException(
                    "Apache" + where + " executes code of release " + String.join(", ", others) + " at " + url
                            + ", also in new children",
                    "let DocumentRoot, and whatever else names a release (php:doctor looks for it), go by way of "
                            + place.deployPath() + "/current, and see that this address is the site's");
        }
        if (!round.silence().isEmpty()) {
            return new PhpDeployException(
                    "Apache" + where + " does not answer " + url + ": " + round.silence(),
                    "read its error log: the new release may not run");
        }
        int status = round.sightings().get(0).status();
        return new PhpDeployException(
                url + where + " does not say which release answers (status " + status + ")",
                "have the application send the header field "
                        + settings.showing().header()
                        + " with the line that the page on runtimes gives, or set php.modphp.releaseBody");
    }

    private static boolean pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
