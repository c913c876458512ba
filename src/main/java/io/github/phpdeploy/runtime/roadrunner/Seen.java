package io.github.phpdeploy.runtime.roadrunner;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import io.github.phpdeploy.host.Printable;

/**
 * RoadRunner as it looks from the host.
 *
 * @param root the deploy path, without symbolic links
 * @param current the release that {@code current} leads to; empty for none
 * @param master the process that is the workers' parent
 * @param title its command line
 * @param workers the workers that it named
 * @param times the pools' times, as the configuration has them
 */
record Seen(String root, String current, String master, String title, List<Worker> workers, PoolTimes times) {

    /** What a plugin's workers are that are no PHP workers, but any process. */
    private static final String RAW = "service";

    /** Immutable. */
    Seen {
        workers = List.copyOf(workers);
    }

    /**
     * A worker.
     *
     * @param id its process id and start time
     * @param plugin the plugin that it works for, such as {@code http}
     * @param directory its working directory; empty where that may not be seen
     * @param script what PHP was told to run; empty where that is not known
     * @param releases the releases that it has open, or works in
     */
    record Worker(String id, String plugin, String directory, String script, Set<String> releases) {

        String pid() {
            return id.replaceAll(":.*", "");
        }

        /** Whether RoadRunner knows it as a worker, and not only as a process to keep running. */
        boolean isWorker() {
            return !plugin.equals(RAW);
        }
    }

    /** Of the lines that the script says. */
    static Seen of(List<String> lines, String deployPath) {
        Map<String, String> once = new LinkedHashMap<>();
        Map<String, Worker> workers = new LinkedHashMap<>();
        PoolTimes times = PoolTimes.none();
        for (String said : lines) {
            String line = Printable.line(said);
            String[] words = line.split(" ", 3);
            String rest = words.length > 2 ? words[2] : "";
            switch (words[0]) {
                case "worker" ->
                    workers.put(words[1].replaceAll(":.*", ""), new Worker(words[1], rest, "", "", Set.of()));
                case "cwd" ->
                    workers.computeIfPresent(
                            words[1], (pid, w) -> new Worker(w.id(), w.plugin(), rest, w.script(), w.releases()));
                case "script" ->
                    workers.computeIfPresent(
                            words[1], (pid, w) -> new Worker(w.id(), w.plugin(), w.directory(), rest, w.releases()));
                case "holds" -> workers.computeIfPresent(words[1], (pid, w) -> holding(w, rest));
                case "unread", "pool", "time" -> times = times.with(line);
                default -> once.put(words[0], line.substring(Math.min(line.length(), words[0].length() + 1)));
            }
        }
        String title = once.getOrDefault("title", "");
        return new Seen(
                once.getOrDefault("root", deployPath),
                once.getOrDefault("current", ""),
                once.getOrDefault("master", ""),
                title,
                new ArrayList<>(workers.values()),
                times.overridden(title));
    }

    private static Worker holding(Worker worker, String release) {
        Set<String> releases = new TreeSet<>(worker.releases());
        releases.add(release);
        return new Worker(worker.id(), worker.plugin(), worker.directory(), worker.script(), releases);
    }

    /** The workers that a reset replaces, and that are awaited. */
    List<Worker> replaced() {
        return workers.stream().filter(Worker::isWorker).toList();
    }

    /** The release that a path lies in; empty for none. */
    Optional<String> releaseOf(String path, String deployPath) {
        for (String below : List.of(root + "/releases/", deployPath + "/releases/")) {
            if (path.startsWith(below)) {
                return Optional.of(path.substring(below.length()).replaceAll("/.*", ""));
            }
        }
        return Optional.empty();
    }
}
