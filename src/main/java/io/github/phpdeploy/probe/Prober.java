package io.github.phpdeploy.probe;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.Printable;

/** Runs health checks. */
public final class Prober {

    /** How long one answer may take, in milliseconds, when the check's limit is not nearer. */
    private static final long ANSWER_MILLIS = 10_000;

    /** What an attempt is given at least, if it is not the first. */
    private static final long MIN_ATTEMPT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private Prober() {}

    /**
     * Asks a site until it is healthy or its time is over.
     *
     * @param host where it is asked from
     * @param check what is asked
     * @return how it is
     */
    public static Health probe(Host host, HealthCheck check) {
        long end = System.nanoTime() + check.limit().toNanos();
        int attempts = 0;
        while (true) {
            attempts++;
            long begin = System.nanoTime();
            long left = TimeUnit.NANOSECONDS.toMillis(end - begin);
            Optional<String> fault = ask(host, check, Math.max(1, Math.min(ANSWER_MILLIS, left)));
            long now = System.nanoTime();
            if (fault.isEmpty()) {
                return new Health.Healthy(attempts, TimeUnit.NANOSECONDS.toMillis(now - begin));
            }
            // an attempt that would be cut off at once would only hide what the others found
            if (now + check.interval().toNanos() + MIN_ATTEMPT_NANOS >= end) {
                return new Health.Unhealthy(attempts, fault.get());
            }
            pause(check.interval());
        }
    }

    /**
     * Finds out before anything is changed whether the host lets us ask at all. Whether somebody answers does not matter
     * yet: on a first deploy nobody may.
     *
     * @param host where it will be asked from
     * @param check what will be asked
     * @throws PhpDeployException when the host forbids connections from there
     */
    public static void preflight(Host host, HealthCheck check) {
        try {
            host.dial(check.address(), check.port(), Duration.ofMillis(ANSWER_MILLIS))
                    .close();
        } catch (IOException nobodyThere) {
            // that is for the health check to find
        }
    }

    /**
     * Asks once, over a new connection, whoever answers what.
     *
     * @param host where it is asked from
     * @param check what is asked
     * @return what was wrong; empty for nothing
     */
    public static Optional<String> once(Host host, HealthCheck check) {
        return ask(host, check, ANSWER_MILLIS);
    }

    private static void pause(Duration interval) {
        try {
            TimeUnit.NANOSECONDS.sleep(interval.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PhpDeployException("the health check was interrupted", "run the build again", e);
        }
    }

    /** One attempt: what is wrong, or nothing. */
    private static Optional<String> ask(Host host, HealthCheck check, long millis) {
        try (Pages.Line line = Pages.dial(host, check.url(), Duration.ofMillis(millis))) {
            return judge(check, line.get());
        } catch (IOException e) {
            return Optional.of(Pages.words(e));
        }
    }

    private static Optional<String> judge(HealthCheck check, HttpReply reply) {
        if (reply.status() != check.status()) {
            String location = reply.headers().containsKey("Location")
                    ? " to " + Printable.line(reply.headers().get("Location"))
                    : "";
            return Optional.of(
                    "status " + reply.status() + location + " instead of " + check.status() + excerpt(reply.body()));
        }
        if (check.body().isPresent()
                && !check.body().get().matcher(reply.body()).find()) {
            return Optional.of("the body does not hold \"" + check.body().get() + "\"" + excerpt(reply.body()));
        }
        return check.header().flatMap(wanted -> {
            String value = reply.headers().get(wanted.name());
            return wanted.value().equals(value)
                    ? Optional.empty()
                    : Optional.of(
                            value == null
                                    ? "no header " + wanted.name()
                                    : wanted.name() + ": " + Printable.line(value) + " instead of " + wanted.value());
        });
    }

    private static String excerpt(String body) {
        String line = Printable.line(body);
        return line.isEmpty() ? "" : " (" + line.substring(0, Math.min(160, line.length())) + ")";
    }
}
