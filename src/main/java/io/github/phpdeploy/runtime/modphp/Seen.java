package io.github.phpdeploy.runtime.modphp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.host.ScriptResult;

/**
 * An Apache as it looks from the host.
 *
 * @param values what {@code apache.sh} says once, by its name
 * @param directives what matters in the configuration, by its name in lower case
 * @param modules the modules that it loads; empty where that is not known
 * @param names where the configuration names a release
 * @param workers its children; process id and start time
 * @param late children that may be of the old generation, though they came during a reload; process id and start time
 */
record Seen(
        Map<String, String> values,
        Map<String, String> directives,
        List<String> modules,
        List<Named> names,
        List<String> workers,
        List<String> late) {

    /**
     * A line of the configuration that names a release.
     *
     * @param where file and line
     * @param release which
     */
    record Named(String where, String release) {}

    static Seen of(ScriptResult result) {
        Map<String, String> values = new HashMap<>();
        Map<String, String> directives = new HashMap<>();
        List<String> modules = new ArrayList<>();
        List<Named> names = new ArrayList<>();
        List<String> workers = new ArrayList<>();
        List<String> late = new ArrayList<>();
        for (String line : result.lines()) {
            String[] words = Printable.line(line).split(" ");
            switch (words[0] + " " + words.length) {
                case "set 3" -> directives.put(words[1], words[2]);
                case "module 2" -> modules.add(words[1]);
                case "names 3" -> names.add(new Named(words[1], words[2]));
                case "worker 2" -> workers.add(words[1]);
                case "late 2" -> late.add(words[1]);
                default -> {
                    if (words.length > 1) {
                        values.put(
                                words[0],
                                Printable.line(line)
                                        .substring(words[0].length() + 1)
                                        .strip());
                    }
                }
            }
        }
        return new Seen(values, directives, modules, names, workers, late);
    }

    private static OptionalLong number(String text) {
        return text != null && text.matches("[0-9]{1,12}")
                ? OptionalLong.of(Long.parseLong(text))
                : OptionalLong.empty();
    }

    private String value(String name) {
        return values.getOrDefault(name, "");
    }

    /** The master's process id and start time. */
    String master() {
        return value("master");
    }

    /** The master's process id. */
    String pid() {
        return master().replaceAll(":.*", "");
    }

    /** The release that {@code current} leads to; empty for none. */
    String current() {
        return value("current");
    }

    /** A number in the configuration. */
    OptionalLong directive(String name) {
        return number(directives.get(name));
    }

    /** The release that the master was started in, or with a file of; empty for none. */
    Optional<String> startedFrom() {
        String below = value("root") + "/releases/";
        for (String text : List.of(value("cwd") + "/", value("title"))) {
            int at = text.indexOf(below);
            if (at >= 0) {
                return Optional.of(text.substring(at + below.length()).replaceAll("[/ ].*", ""));
            }
        }
        return Optional.empty();
    }
}
