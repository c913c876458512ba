package io.github.phpdeploy.bench;

import java.nio.file.Path;
import java.util.OptionalDouble;

/** One way of putting a tree on a host. */
interface Contestant {

    /** A run's figures. {@code inside} is what the contestant itself measured, where it does. */
    record Figures(double seconds, OptionalDouble inside) {}

    /** What stands at the head of its row. */
    String name();

    /** Gets the host ready, untimed: it has {@code old}, or nothing when that is null. */
    void host(Path old);

    /**
     * Puts a tree on the host.
     *
     * @param old what the host has; null for nothing
     * @param next what it is to have
     * @param port where its SSH server is
     */
    Figures run(Path old, Path next, int port);
}
