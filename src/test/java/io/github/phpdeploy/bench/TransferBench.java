package io.github.phpdeploy.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import com.google.gson.GsonBuilder;
import io.github.phpdeploy.it.Sshd;

/**
 * Measures deploys beside their peers. System properties: {@code bench.trees} ({@code wordpress},
 * {@code laravel}, {@code magento}, or a number of files), {@code bench.networks} ({@code RTT/RATE} in ms and Mbit/s, 0 for
 * unlimited), {@code bench.scenarios}, {@code bench.runs}, {@code bench.peers}, {@code bench.old} and {@code bench.new} (two
 * trees instead of a made one).
 *
 * <p>Prints a table with medians, and how ours compares with the better rsync and with the oracle; writes every figure to
 * {@code transfer.json} in the directory that is its first argument.
 */
public final class TransferBench {

    private final Path folder;
    private final List<SampleTree.Kind> trees =
            list("bench.trees", "laravel").stream().map(SampleTree.Kind::of).toList();
    private final int runs = Integer.getInteger("bench.runs");
    private final List<String> scenarios = list("bench.scenarios", "");
    private final List<String> networks = list("bench.networks", "");
    private final Set<String> peers = Set.copyOf(list("bench.peers", ""));
    private final String givenOld = System.getProperty("bench.old", "");
    private final String givenNew = System.getProperty("bench.new", "");
    private final List<Map<String, Object>> rows = new ArrayList<>();

    private TransferBench(Path folder) {
        this.folder = folder;
    }

    private static List<String> list(String property, String fallback) {
        return Arrays.asList(System.getProperty(property, fallback).split(","));
    }

    /** What changes between two deploys, and whether the next one comes from a new checkout. */
    private record Scenario(String tree, int files, String name, Path old, Path next, boolean fresh) {}

    /** One contestant's runs in one row. */
    private static final class Series {

        private final List<Double> seconds = new ArrayList<>();
        private final List<Double> inside = new ArrayList<>();
        private final List<Double> up = new ArrayList<>();
        private final List<Double> down = new ArrayList<>();
    }

    /**
     * Runs it.
     *
     * @param arguments where to work and to write; the local repository with the plugin; the plugin's version
     */
    public static void main(String... arguments) throws IOException {
        Path folder = Path.of(arguments[0]).toAbsolutePath();
        Peers.shell("rm -rf " + folder + "/work");
        new TransferBench(folder).run(new File(arguments[1]), arguments[2]);
        Peers.shell("rm -rf " + folder + "/work");
    }

    private void run(File localRepository, String version) throws IOException {
        Path work = Files.createDirectories(folder.resolve("work"));
        Path hosts = Files.createDirectories(work.resolve("hosts"));
        Path project = Files.createDirectories(work.resolve("project"));
        try (Sshd sshd = Sshd.in(work.resolve("sshd")).start()) {
            Files.writeString(sshd.knownHosts(), "bench " + sshd.hostKey("ed25519") + "\n");
            Peers made = new Peers(sshd, hosts);
            Map<String, Contestant> all = new LinkedHashMap<>();
            all.put("rsync", made.rsync("rsync", "", false));
            all.put("rsync-no-i-r", made.rsync("rsync no-i-r", "--no-inc-recursive", false));
            all.put("rsync-checksum", made.rsync("rsync checksum", "--checksum", false));
            all.put("rsync-script", made.rsync("rsync, ssh, ssh", "--no-inc-recursive", true));
            all.put("tar", made.tar());
            all.put("oracle", made.oracle());
            all.keySet().retainAll(peers);
            Ours warm = new Ours(sshd, hosts, project, localRepository, version, false);
            warm.idle();
            List<Double> idle = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                idle.add(warm.idle());
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s %s, %d processors, Java %s; %d runs, median seconds; a goal that does nothing: %.2f%n",
                    System.getProperty("os.name"),
                    System.getProperty("os.version"),
                    Runtime.getRuntime().availableProcessors(),
                    System.getProperty("java.version"),
                    runs,
                    median(idle));
            for (SampleTree.Kind tree : trees) {
                for (String name : scenarios) {
                    measure(
                            scenario(tree, name, work),
                            all,
                            new Ours(sshd, hosts, project, localRepository, version, name.endsWith("-fresh")),
                            sshd);
                    Files.writeString(
                            folder.resolve("transfer.json"),
                            new GsonBuilder().setPrettyPrinting().create().toJson(rows));
                }
            }
        }
    }

    private void measure(Scenario scenario, Map<String, Contestant> peers, Ours ours, Sshd sshd) {
        List<Contestant> contestants = new ArrayList<>();
        contestants.add(ours);
        contestants.addAll(peers.values());
        if (scenario.old == null) {
            contestants.removeIf(contestant -> contestant.name().equals("oracle"));
        }
        contestants.forEach(contestant -> contestant.host(scenario.old));
        for (String network : networks) {
            measure(scenario, network, contestants, sshd);
        }
    }

    private Scenario scenario(SampleTree.Kind kind, String name, Path work) {
        Path trees = work.resolve("trees-" + name);
        Path old = trees.resolve("old");
        Path next = trees.resolve("next");
        Peers.shell("rm -rf " + work + "/trees-* && mkdir -p " + trees);
        boolean fresh = name.endsWith("-fresh");
        if (!givenOld.isEmpty()) {
            // copies, because their times are changed
            Peers.shell("cp -a '" + givenOld + "' " + old + " && cp -a '" + givenNew + "' " + next);
            return new Scenario("given", SampleTree.count(next), name, name.equals("first") ? null : old, next, fresh);
        }
        SampleTree.make(old, kind);
        if (name.startsWith("large")) {
            SampleTree.large(old.resolve("public/large.bin"), 200);
        }
        // the trees share no files: none must look cached because of the other
        Peers.shell("cp -a " + old + " " + next);
        switch (name.replaceFirst("-.*", "")) {
            case "changed" -> SampleTree.change(next, kind, 0.01);
            case "upgrade" -> SampleTree.change(next, kind, 0.25);
            case "renamed" -> Peers.shell("mv " + next + "/vendor/package0 " + next + "/vendor/renamed0");
            case "large" -> SampleTree.changeLarge(next.resolve("public/large.bin"));
            case "first", "unchanged" -> {}
            default -> throw new IllegalArgumentException("no scenario " + name);
        }
        return new Scenario(kind.name(), kind.files(), name, name.equals("first") ? null : old, next, fresh);
    }

    private void measure(Scenario scenario, String network, List<Contestant> contestants, Sshd sshd) {
        String[] words = network.split("/");
        Map<String, Series> all = new LinkedHashMap<>();
        try (DelayLine line = new DelayLine(sshd.port(), Integer.parseInt(words[0]), Integer.parseInt(words[1]))) {
            for (int run = 0; run < runs; run++) {
                // to the new tree and back, so that there is always something to do
                boolean back = scenario.old != null && run % 2 == 1;
                Path from = back ? scenario.next : scenario.old;
                Path to = back ? scenario.old : scenario.next;
                for (Contestant contestant : contestants) {
                    if (scenario.fresh) {
                        SampleTree.checkout(to);
                    }
                    // what others left to be written must not be this one's to wait for
                    Peers.shell("sync");
                    line.takeUp();
                    line.takeDown();
                    Contestant.Figures figures = contestant.run(from, to, line.port());
                    Series series = all.computeIfAbsent(contestant.name(), key -> new Series());
                    series.seconds.add(figures.seconds());
                    figures.inside().ifPresent(series.inside::add);
                    series.up.add((double) line.takeUp());
                    series.down.add((double) line.takeDown());
                    if (scenario.old == null) {
                        contestant.host(null);
                    }
                }
            }
        }
        print(scenario, network, all);
    }

    private void print(Scenario scenario, String network, Map<String, Series> all) {
        System.out.printf("%n%s, %,d files, %s, RTT/rate %s%n", scenario.tree, scenario.files, scenario.name, network);
        System.out.printf(
                "  %-16s %8s %8s %8s %8s %12s %12s%n", "", "seconds", "min", "max", "inside", "bytes up", "bytes down");
        all.forEach((name, series) -> {
            System.out.printf(
                    Locale.ROOT,
                    "  %-16s %8.2f %8.2f %8.2f %8s %,12.0f %,12.0f%n",
                    name,
                    median(series.seconds),
                    series.seconds.stream().min(Double::compare).orElseThrow(),
                    series.seconds.stream().max(Double::compare).orElseThrow(),
                    series.inside.isEmpty() ? "" : String.format(Locale.ROOT, "%.2f", median(series.inside)),
                    median(series.up),
                    median(series.down));
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("tree", scenario.tree);
            row.put("files", scenario.files);
            row.put("scenario", scenario.name);
            row.put("network", network);
            row.put("contestant", name);
            row.put("seconds", series.seconds);
            row.put("inside", series.inside);
            row.put("up", series.up);
            row.put("down", series.down);
            rows.add(row);
        });
        Series ours = all.get(Ours.NAME);
        Stream.of("rsync", "rsync no-i-r")
                .map(all::get)
                .filter(Objects::nonNull)
                .min(Comparator.comparingDouble(series -> median(series.seconds)))
                .ifPresent(rsync -> ratio("the better rsync", ours, rsync));
        Optional.ofNullable(all.get("rsync, ssh, ssh"))
                .ifPresent(script -> System.out.printf(
                        Locale.ROOT,
                        "  whole mvn / the script of rsync and ssh: %.2f%n",
                        median(ours.seconds) / median(script.seconds)));
        Optional.ofNullable(all.get("oracle")).ifPresent(oracle -> ratio("the oracle", ours, oracle));
    }

    private static void ratio(String peer, Series ours, Series other) {
        System.out.printf(
                Locale.ROOT,
                "  inside / %s: time %.2f, bytes %.2f%n",
                peer,
                median(ours.inside) / median(other.seconds),
                (median(ours.up) + median(ours.down)) / (median(other.up) + median(other.down)));
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }
}
