package io.github.phpdeploy.runtime.resident;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Host;

/**
 * Finds out which release a server executes: by what it shows over new connections, until every worker that lives has
 * answered.
 */
public final class ReleaseProof {

    /** How many new connections in a row must show the release, at least. */
    private static final int CONNECTIONS = 10;

    /** How many connections a worker gets at once, on average. */
    private static final int EACH = 3;

    /** How many are open at once at most. */
    private static final int MOST = 60;

    /** How many rounds a worker may miss before it counts as one that does not answer the URL. */
    private static final int ROUNDS = 20;

    private static final long PAUSE_MILLIS = 100;

    /** What a round is given at least: with less it would only hide what the one before found. */
    private static final long MIN_MILLIS = 500;

    private final Host host;
    private final ResidentSettings.Showing showing;
    private final Subject subject;

    /** Who is asked. */
    public interface Subject {

        /**
         * What its settings begin with.
         *
         * @return lower case, such as {@code swoole}
         */
        String name();

        /**
         * What it is called.
         *
         * @return for humans, such as {@code Swoole}
         */
        String title();

        /**
         * The workers that live at this moment and should answer.
         *
         * @return their process ids; empty where they are not known
         */
        Set<String> live();

        /**
         * The error for old code.
         *
         * @param release what should be executed
         * @param shown what is
         * @return what it may be bound by, and what to do
         */
        PhpDeployException outdated(String release, Set<String> shown);
    }

    /**
     * A proof to be.
     *
     * @param host from where it is asked
     * @param showing where and how it shows the release
     * @param subject who is asked
     */
    public ReleaseProof(Host host, ResidentSettings.Showing showing, Subject subject) {
        this.host = host;
        this.showing = showing;
        this.subject = subject;
    }

    /**
     * What was seen so far: reset by each answer that is not as it must be.
     *
     * @param connections how many new connections in a row have shown the release
     * @param workers the process ids that they named
     */
    private record Streak(int connections, Set<String> workers) {}

    /**
     * Proves.
     *
     * @param release what must be executed
     * @return what was seen, in one clause
     * @throws PhpDeployException when anything else is executed, or nothing can be seen, after the time allowed
     */
    public String prove(String release) {
        Watch watch = new Watch(host, showing);
        long end = System.nanoTime() + showing.limit().toNanos();
        Streak streak = new Streak(0, Set.of());
        PhpDeployException fault;
        Set<String> live = subject.live();
        for (int round = 1; ; round++) {
            // a worker that is busy takes none of the few, but must take one of many
            int connections = Math.min(MOST, Math.max(CONNECTIONS, EACH * live.size()) * round);
            long left = Math.max(MIN_MILLIS, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
            Watch.Round seen = watch.ask(connections, Duration.ofMillis(left));
            live = subject.live();
            fault = fault(seen, release);
            streak = fault == null ? longer(streak, seen) : new Streak(0, Set.of());
            if (fault == null) {
                Set<String> unseen = new TreeSet<>(live);
                unseen.removeAll(streak.workers());
                long answering = seen.sightings().get(0).number("workers").orElse(0);
                boolean enough = answering > 0 ? live.size() - unseen.size() >= answering : round >= ROUNDS;
                if (streak.workers().isEmpty() || unseen.isEmpty() || enough) {
                    return words(release, streak, unseen);
                }
                fault = unseen(watch, streak, unseen);
            }
            if (!pause() || end - System.nanoTime() < TimeUnit.MILLISECONDS.toNanos(MIN_MILLIS)) {
                throw fault;
            }
        }
    }

    private PhpDeployException unseen(Watch watch, Streak streak, Set<String> unseen) {
        return new PhpDeployException(
                "of the workers of " + subject.title() + " on " + host.name() + " only "
                        + streak.workers().size() + " have answered " + watch.url() + ", not "
                        + String.join(", ", unseen),
                "look whether these are stuck; give it longer with -Dphp.proveTimeout=SECONDS");
    }

    private static Streak longer(Streak streak, Watch.Round seen) {
        Set<String> workers = new TreeSet<>(streak.workers());
        seen.sightings().forEach(one -> one.detail("pid").ifPresent(workers::add));
        return new Streak(streak.connections() + seen.sightings().size(), workers);
    }

    private PhpDeployException fault(Watch.Round seen, String release) {
        String url = showing.url().toString();
        Set<String> shown = seen.sightings().stream()
                .flatMap(one -> one.releases().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        if (!shown.isEmpty() && !shown.equals(Set.of(release))) {
            return subject.outdated(release, shown);
        }
        if (!seen.silence().isEmpty()) {
            return new PhpDeployException(
                    subject.title() + " on " + host.name() + " does not answer " + url + ": " + seen.silence(),
                    "read the server's log: its workers may not start with the new release");
        }
        return seen.sightings().stream()
                .filter(one -> !one.shows(release))
                .findFirst()
                .map(one -> new PhpDeployException(
                        url + " on " + host.name() + " does not say which release answers (status " + one.status()
                                + ")",
                        "have the application send the header field "
                                + showing.header()
                                + " with the line that the page on runtimes gives, or set php." + subject.name()
                                + ".releaseBody"))
                .orElse(null);
    }

    private String words(String release, Streak streak, Set<String> unseen) {
        String many = streak.connections() + " new connections";
        if (streak.workers().isEmpty()) {
            return many + " show " + release + "; which workers answered, they do not say";
        }
        return many + " to " + streak.workers().size() + (streak.workers().size() == 1 ? " worker" : " workers")
                + " show "
                + release
                + (unseen.isEmpty() ? "" : "; " + unseen.size() + " more, as new as these, answered none of them");
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
