package io.github.phpdeploy.runtime;

import io.github.phpdeploy.host.Host;

/**
 * What runs the PHP code of a site. Immutable; one serves all hosts.
 *
 * <p>Methods throw {@link io.github.phpdeploy.PhpDeployException} when the runtime is not as it must be.
 */
public interface Runtime {

    /**
     * What users write to choose it.
     *
     * @return lower case, such as {@code fpm}
     */
    String name();

    /**
     * Whether hosts must run commands for this.
     *
     * @return true unless the host's files are enough
     */
    default boolean runsCommands() {
        return true;
    }

    /**
     * Finds out, before anything is switched, whether a reload would work: that the runtime runs, that its configuration
     * is sound, and that we may reload it. Changes nothing.
     *
     * @param host where it runs
     * @return in one clause, what a reload will do, such as {@code "reload php-fpm (process 812) with USR2"}
     */
    String inspect(Host host);

    /**
     * Reloads, and waits until the old code runs nowhere any more. An exit code of the reload command alone is never
     * taken as success where the runtime shows more.
     *
     * @param host where it runs
     * @return in one clause, what was done, such as {@code "8 old workers gone, 8 new ones up"}
     */
    String reload(Host host);
}
