package io.github.phpdeploy.runtime.fpm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What {@code php-fpm -tt} says: the configuration with its defaults filled in, as FPM would read it now.
 *
 * @param global the {@code [global]} section; empty where nothing is known
 * @param pools each pool's section, by the pool's name
 */
record FpmConfig(Map<String, String> global, Map<String, Map<String, String>> pools) {

    private static final String UNDEFINED = "undefined";

    /**
     * Reads the dump.
     *
     * @param lines its lines, without the time and level in front
     */
    static FpmConfig parse(List<String> lines) {
        Map<String, Map<String, String>> sections = new LinkedHashMap<>();
        Map<String, String> section = new LinkedHashMap<>();
        for (String line : lines) {
            String text = line.strip();
            int equal = text.indexOf(" = ");
            if (text.startsWith("[") && text.endsWith("]")) {
                section = sections.computeIfAbsent(text.substring(1, text.length() - 1), name -> new LinkedHashMap<>());
            } else if (equal > 0) {
                section.put(text.substring(0, equal), text.substring(equal + 3).strip());
            }
        }
        Map<String, String> global = sections.remove("global");
        return new FpmConfig(global == null ? Map.of() : global, sections);
    }

    boolean isKnown() {
        return !global.isEmpty();
    }

    /** Seconds that old workers are given when FPM reloads; empty where that is not known. */
    OptionalInt controlTimeout() {
        return seconds(global.get("process_control_timeout"));
    }

    /** The one pool that listens at an address; the only pool where none is named. */
    Optional<Section> pool(Optional<String> address) {
        List<Section> found = new ArrayList<>();
        pools.forEach((name, section) -> {
            if (address.isEmpty() || address.get().equals(section.get("listen"))) {
                found.add(new Section(name, section));
            }
        });
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }

    /**
     * A pool.
     *
     * @param name what its section is called
     * @param values what stands there
     */
    record Section(String name, Map<String, String> values) {

        private Optional<String> value(String key) {
            return Optional.ofNullable(values.get(key)).filter(text -> !text.isEmpty() && !text.equals(UNDEFINED));
        }

        String listen() {
            return value("listen").orElse("");
        }

        Optional<String> user() {
            return value("user");
        }

        Optional<String> group() {
            return value("group");
        }

        Optional<String> chroot() {
            return value("chroot");
        }

        Optional<String> statusPath() {
            return value("pm.status_path");
        }

        /** Connections that may wait to be accepted; below zero for as many as the kernel allows. */
        int backlog() {
            return value("listen.backlog")
                    .filter(text -> text.matches("-?[0-9]{1,9}"))
                    .map(Integer::parseInt)
                    .orElse(-1);
        }

        /** Seconds after which FPM itself ends a request; empty for never. */
        OptionalInt terminateTimeout() {
            OptionalInt limit = seconds(values.get("request_terminate_timeout"));
            return limit.orElse(0) == 0 ? OptionalInt.empty() : limit;
        }

        /** What the names of scripts must end with; empty for anything. */
        List<String> extensions() {
            return value("security.limit_extensions")
                    .map(text -> Arrays.stream(text.split("[ ,]+"))
                            .filter(extension -> extension.startsWith("."))
                            .toList())
                    .orElse(List.of());
        }

        Optional<String> openBasedir() {
            return value("php_admin_value[open_basedir]").or(() -> value("php_value[open_basedir]"));
        }
    }

    private static OptionalInt seconds(String text) {
        if (text == null || !text.matches("[0-9]{1,8}s?")) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(Integer.parseInt(text.replace("s", "")));
    }
}
