package io.github.phpdeploy.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Visitors of a site. An answer's body names a release three times: as the entry has it, as a file has it that the entry includes
 * by its own directory, and as one has it that is included by document root; and ends with {@code end}.
 *
 * <p>In a <em>closed</em> loop each visitor asks, waits for the whole answer, and asks again: when the site stalls, fewer ask. In
 * an <em>open</em> loop requests come at a fixed rate, whatever becomes of those before, and each is timed from when it was to
 * come: a stall is felt by all who come meanwhile, as in life.
 */
public final class Load implements AutoCloseable {

    private static final int TIMEOUT_SECONDS = 60;

    private final int port;
    private final boolean keepsAlive;
    private final List<Thread> threads = new ArrayList<>();
    private final ExecutorService crowd = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "visitor");
        thread.setDaemon(true);
        return thread;
    });
    private final ConcurrentLinkedDeque<Visitor> idle = new ConcurrentLinkedDeque<>();
    private final ConcurrentLinkedQueue<Visit> visits = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    /**
     * One request and its answer.
     *
     * @param path what was asked for
     * @param begin when it was to begin, by {@link System#nanoTime}
     * @param sent when it did
     * @param end when it ended
     * @param answer what came back
     */
    public record Visit(String path, long begin, long sent, long end, Visitor.Answer answer) {

        boolean failed() {
            return !answer.failure().isEmpty();
        }

        boolean torn() {
            return answer.releases().stream().distinct().count() > 1;
        }

        double millis() {
            return (end - begin) / 1e6;
        }
    }

    private Load(int port, boolean keepsAlive) {
        this.port = port;
        this.keepsAlive = keepsAlive;
    }

    /**
     * Begins to visit in a closed loop, each time over a new connection.
     *
     * @param port where the server listens
     * @param thinkMillis how long each waits between an answer and the next request
     * @param visitors how many ask for what
     */
    public Load(int port, int thinkMillis, Map<String, Integer> visitors) {
        this(port, false);
        gather(thinkMillis, visitors);
    }

    /**
     * Begins to visit in a closed loop.
     *
     * @param port where nginx listens
     * @param keepsAlive whether connections are kept from request to request
     * @param thinkMillis how long each waits between an answer and the next request
     * @param visitors how many ask for what
     */
    public static Load closed(int port, boolean keepsAlive, int thinkMillis, Map<String, Integer> visitors) {
        Load load = new Load(port, keepsAlive);
        load.gather(thinkMillis, visitors);
        return load;
    }

    private void gather(int thinkMillis, Map<String, Integer> visitors) {
        new TreeMap<>(visitors).forEach((path, count) -> {
            for (int i = 0; i < count; i++) {
                start(() -> visitAgainAndAgain(path, thinkMillis));
            }
        });
    }

    /**
     * Begins to visit in an open loop.
     *
     * @param port where nginx listens
     * @param keepsAlive whether connections are kept from request to request
     * @param perSecond how many requests come in a second, for what
     */
    public static Load open(int port, boolean keepsAlive, Map<String, Integer> perSecond) {
        Load load = new Load(port, keepsAlive);
        new TreeMap<>(perSecond).forEach((path, rate) -> load.start(() -> load.sendVisitors(path, rate)));
        return load;
    }

    private void start(Runnable work) {
        Thread thread = new Thread(work, "load");
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
    }

    private void visit(Visitor visitor, String path, long begin) {
        long sent = System.nanoTime();
        Visitor.Answer answer = visitor.ask(path);
        visits.add(new Visit(path, begin, sent, System.nanoTime(), answer));
    }

    private void visitAgainAndAgain(String path, int thinkMillis) {
        try (Visitor visitor = new Visitor(port, keepsAlive)) {
            while (!over) {
                visit(visitor, path, System.nanoTime());
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(thinkMillis));
            }
        }
    }

    private void sendVisitors(String path, int rate) {
        long first = System.nanoTime();
        for (long i = 0; !over; i++) {
            long begin = first + TimeUnit.SECONDS.toNanos(1) * i / rate;
            for (long left = begin - System.nanoTime(); left > 0; left = begin - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            crowd.execute(() -> {
                Visitor free = idle.pollFirst();
                Visitor visitor = free == null ? new Visitor(port, keepsAlive) : free;
                visit(visitor, path, begin);
                idle.addFirst(visitor);
            });
        }
    }

    /** How many have been answered so far. */
    public int count() {
        return visits.size();
    }

    /** A moment: whoever begins later must be served by this release alone, until the next. */
    public record Mark(long at, String release) {}

    /** What became of all visits. */
    public record Tally(List<Visit> visits, List<Visit> failed, List<Visit> torn, List<Visit> stale) {

        /** How many connections that took. */
        public long connections() {
            return visits.stream().filter(visit -> visit.answer().connected()).count();
        }

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
                    "%,d requests in %.0f s (%.0f/s), %,d connections: %d failed, %d torn, %d stale; %s%s",
                    visits.size(),
                    seconds,
                    visits.size() / Math.max(0.001, seconds),
                    connections(),
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
            due = marks.get(i).at() <= visit.sent() ? i : due;
        }
        if (due < 0) {
            return false;
        }
        List<String> allowed =
                marks.stream().skip(due).limit(2).map(Mark::release).toList();
        return !allowed.containsAll(visit.answer().releases());
    }

    @Override
    public void close() {
        over = true;
        try {
            for (Thread thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(TIMEOUT_SECONDS));
            }
            crowd.shutdown();
            if (!crowd.awaitTermination(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("visitors that got no answer within " + TIMEOUT_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        idle.forEach(Visitor::close);
    }
}
