package io.github.phpdeploy.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Visitors of a site, in a closed loop: each asks, waits for the whole answer, and asks again over a new connection. An answer's
 * body names a release three times: as the entry has it, as a file has it that the entry includes by its own directory, and as
 * one has it that is included by document root; and ends with {@code end}.
 */
public final class Load implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 30_000;

    private final int port;
    private final int thinkMillis;
    private final List<Thread> visitors = new ArrayList<>();
    private final ConcurrentLinkedQueue<Visit> visits = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    /**
     * One request and its answer.
     *
     * @param path what was asked for
     * @param begin when it began, by {@link System#nanoTime}
     * @param end when it ended
     * @param releases what the body names; empty where it failed
     * @param failure what went wrong; empty for nothing
     */
    public record Visit(String path, long begin, long end, List<String> releases, String failure) {

        boolean failed() {
            return !failure.isEmpty();
        }

        boolean torn() {
            return releases.stream().distinct().count() > 1;
        }

        double millis() {
            return (end - begin) / 1e6;
        }
    }

    /**
     * Begins to visit.
     *
     * @param port where nginx listens
     * @param thinkMillis how long each waits between an answer and the next request
     * @param paths how many visitors ask for what
     */
    public Load(int port, int thinkMillis, Map<String, Integer> paths) {
        this.port = port;
        this.thinkMillis = thinkMillis;
        new TreeMap<>(paths).forEach((path, count) -> {
            for (int i = 0; i < count; i++) {
                Thread visitor = new Thread(() -> visit(path), "visitor-" + i + path);
                visitor.setDaemon(true);
                visitor.start();
                visitors.add(visitor);
            }
        });
    }

    private void visit(String path) {
        while (!over) {
            long begin = System.nanoTime();
            List<String> releases = List.of();
            String failure = "";
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(TIMEOUT_MILLIS);
                socket.getOutputStream()
                        .write(("GET " + path + " HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                int body = answer.indexOf("\r\n\r\n");
                if (!answer.startsWith("HTTP/1.1 200 ") || body < 0) {
                    failure = answer.lines().findFirst().orElse("an empty answer");
                } else if (!answer.endsWith(" end")) {
                    failure = "a body cut short: " + answer.substring(body + 4);
                } else {
                    releases = List.of(
                            answer.substring(body + 4, answer.length() - 4).split(" "));
                }
            } catch (IOException e) {
                failure = e.toString();
            }
            visits.add(new Visit(path, begin, System.nanoTime(), releases, failure));
            try {
                TimeUnit.MILLISECONDS.sleep(thinkMillis);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** A moment: whoever begins later must be served by this release alone, until the next. */
    public record Mark(long at, String release) {}

    /** What became of all visits. */
    public record Tally(List<Visit> visits, List<Visit> failed, List<Visit> torn, List<Visit> stale) {

        /** A time that all but so many in a thousand were faster than. */
        public double percentile(String path, double perMille) {
            List<Double> millis = visits.stream()
                    .filter(visit -> visit.path().equals(path))
                    .map(Visit::millis)
                    .sorted()
                    .toList();
            return millis.isEmpty()
                    ? 0
                    : millis.get((int) Math.min(millis.size() - 1.0, millis.size() * perMille / 1000));
        }

        @Override
        public String toString() {
            double seconds = visits.isEmpty()
                    ? 0
                    : (visits.stream().mapToLong(Visit::end).max().getAsLong()
                                    - visits.stream()
                                            .mapToLong(Visit::begin)
                                            .min()
                                            .getAsLong())
                            / 1e9;
            String times = visits.stream()
                    .map(Visit::path)
                    .distinct()
                    .sorted()
                    .map(path -> String.format(
                            "%s p50 %.0f p99.9 %.0f max %.0f ms",
                            path, percentile(path, 500), percentile(path, 999), percentile(path, 1000)))
                    .collect(Collectors.joining("; "));
            return String.format(
                    "%,d requests in %.0f s (%.0f/s): %d failed, %d torn, %d stale; %s%s",
                    visits.size(),
                    seconds,
                    visits.size() / Math.max(0.001, seconds),
                    failed.size(),
                    torn.size(),
                    stale.size(),
                    times,
                    Stream.of(failed, torn, stale)
                            .flatMap(List::stream)
                            .limit(5)
                            .map(visit -> "\n  " + visit)
                            .collect(Collectors.joining()));
        }
    }

    /**
     * Ends the visits.
     *
     * @param marks the moments at which releases had become live, in their order
     * @return what became of them
     */
    public Tally end(List<Mark> marks) {
        close();
        List<Visit> all = new ArrayList<>(visits);
        List<Visit> stale = all.stream()
                .filter(visit -> !visit.failed())
                .filter(visit -> isStale(visit, marks))
                .toList();
        return new Tally(
                all,
                all.stream().filter(Visit::failed).toList(),
                all.stream().filter(Visit::torn).toList(),
                stale);
    }

    /** Served by a release that a later one had replaced before the request began. */
    private static boolean isStale(Visit visit, List<Mark> marks) {
        int due = -1;
        for (int i = 0; i < marks.size(); i++) {
            due = marks.get(i).at() <= visit.begin() ? i : due;
        }
        if (due < 0) {
            return false;
        }
        List<String> allowed =
                marks.stream().skip(due).limit(2).map(Mark::release).toList();
        return !allowed.containsAll(visit.releases());
    }

    @Override
    public void close() {
        over = true;
        for (Thread visitor : visitors) {
            try {
                visitor.join(TIMEOUT_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
