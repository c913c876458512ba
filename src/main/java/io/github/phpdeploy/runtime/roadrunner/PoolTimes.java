package io.github.phpdeploy.runtime.roadrunner;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long the pools of RoadRunner wait, as its configuration has it, and the command line that overrides it ({@code -o
 * http.pool.reset_timeout=10s}).
 *
 * @param sections the plugins that have a pool
 * @param values what is written, by {@code SECTION NAME}
 * @param known whether the configuration could be read and holds all there is
 */
record PoolTimes(Set<String> sections, Map<String, String> values, boolean known) {

    /** The times: for old workers at a reset, and for a free worker or a new one. */
    static final List<String> NAMES = List.of("reset_timeout", "allocate_timeout");

    /** What they are unless set: one minute ({@code pool.Config.InitDefaults} in its source). */
    static final Duration USUAL = Duration.ofMinutes(1);

    private static final Pattern OVERRIDE =
            Pattern.compile("(?<section>[a-z]+)\\.pool\\.(?<name>reset_timeout|allocate_timeout)=(?<value>[^ ]+)");

    private static final Pattern GO = Pattern.compile("(?:[0-9]+(?:\\.[0-9]+)?(?:ns|us|ms|s|m|h))+|0");

    private static final Pattern PART = Pattern.compile("(?<number>[0-9.]+)(?<unit>ns|us|ms|s|m|h)");

    private static final Map<String, Double> UNITS =
            Map.of("ns", 1e-6, "us", 1e-3, "ms", 1.0, "s", 1e3, "m", 6e4, "h", 3.6e6);

    /** Immutable. */
    PoolTimes {
        sections = Set.copyOf(sections);
        values = Map.copyOf(values);
    }

    static PoolTimes none() {
        return new PoolTimes(Set.of("http"), Map.of(), true);
    }

    /** The same with a line of what the script says. */
    PoolTimes with(String line) {
        String[] words = line.split(" ", 4);
        Set<String> more = new TreeSet<>(sections);
        Map<String, String> all = new TreeMap<>(values);
        if (words.length > 1) {
            more.add(words[1]);
        }
        if (words.length > 3) {
            all.put(words[1] + " " + words[2], words[3]);
        }
        return new PoolTimes(more, all, known && !words[0].equals("unread"));
    }

    /** The same with what the master's command line says otherwise. */
    PoolTimes overridden(String title) {
        PoolTimes times = this;
        for (Matcher found = OVERRIDE.matcher(title); found.find(); ) {
            times = times.with(
                    "time " + found.group("section") + " " + found.group("name") + " " + found.group("value"));
        }
        return times;
    }

    /** A time; empty where it is not known. */
    Optional<Duration> of(String section, String name) {
        String text = values.get(section + " " + name);
        return text == null ? Optional.of(USUAL).filter(usual -> known) : parse(text);
    }

    /** As Go reads it: a number without a unit is none, and nothing is the usual. */
    private static Optional<Duration> parse(String text) {
        if (!GO.matcher(text).matches()) {
            return Optional.empty();
        }
        double millis = 0;
        for (Matcher part = PART.matcher(text); part.find(); ) {
            millis += Double.parseDouble(part.group("number")) * UNITS.get(part.group("unit"));
        }
        return Optional.of(millis == 0 ? USUAL : Duration.ofMillis(Math.round(millis)));
    }
}
