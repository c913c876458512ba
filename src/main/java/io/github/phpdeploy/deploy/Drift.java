package io.github.phpdeploy.deploy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Hosts that are to serve the same release, and do not. */
public final class Drift {

    /** How many hosts are named before the rest is only counted. */
    private static final int NAMED = 8;

    private Drift() {}

    /**
     * Compares hosts.
     *
     * @param current the release that is current on each host; empty for none
     * @return who serves what, in one clause; empty where all serve the same
     */
    public static Optional<String> between(Map<String, String> current) {
        Map<String, List<String>> hosts = new LinkedHashMap<>();
        current.forEach((host, release) ->
                hosts.computeIfAbsent(release, none -> new ArrayList<>()).add(host));
        if (hosts.size() < 2) {
            return Optional.empty();
        }
        return Optional.of("the hosts do not serve the same release: "
                + hosts.entrySet().stream()
                        .map(entry ->
                                (entry.getKey().isEmpty() ? "none" : entry.getKey()) + " on " + named(entry.getValue()))
                        .collect(Collectors.joining("; ")));
    }

    private static String named(List<String> hosts) {
        String first = hosts.stream().limit(NAMED).collect(Collectors.joining(", "));
        return hosts.size() > NAMED ? first + " and " + (hosts.size() - NAMED) + " more" : first;
    }
}
