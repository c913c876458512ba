package io.github.phpdeploy.runtime.octane;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The servers that Octane runs on. */
public enum OctaneServer {
    /** Swoole or OpenSwoole. */
    SWOOLE("Swoole", "defaultServerOptions"),
    /** RoadRunner. */
    ROADRUNNER("RoadRunner", "rpcPort"),
    /** FrankenPHP. */
    FRANKENPHP("FrankenPHP", "adminPort");

    private final String title;

    /** What the state file holds for this one alone. */
    private final String mark;

    OctaneServer(String title, String mark) {
        this.title = title;
        this.mark = mark;
    }

    /** What it is called. */
    String title() {
        return title;
    }

    /**
     * What Octane calls it.
     *
     * @return in lower case, such as {@code swoole}
     */
    public String option() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The server of a name.
     *
     * @param option as Octane writes it
     * @return the server; empty where there is none of that name
     */
    public static Optional<OctaneServer> of(String option) {
        return Arrays.stream(values())
                .filter(one -> one.option().equals(option))
                .findFirst();
    }

    static Optional<OctaneServer> ofState(Set<String> keys) {
        return Arrays.stream(values()).filter(one -> keys.contains(one.mark)).findFirst();
    }
}
