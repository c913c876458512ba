package io.github.phpdeploy.runtime;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What runs the PHP code of a site. Immutable; one serves all hosts.
 *
 * <p>All methods throw {@link io.github.phpdeploy.PhpDeployException} when the runtime is not as it must be. A command's
 * exit code is never taken as success where the runtime shows more.
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
     * Whether bringing it to run other code must not happen twice at a time on one site, also where nothing is deployed.
     *
     * @return true where a reload takes the site's lock
     */
    default boolean isExclusive() {
        return false;
    }

    /**
     * Finds out what runs, how it is configured and how it can be brought to run another release; before anything is
     * switched. Changes nothing.
     *
     * @param place where
     * @param intent what for
     * @return what was found
     * @throws io.github.phpdeploy.PhpDeployException also when requests would be lost, with the setting to change
     */
    Service inspect(Place place, Intent intent);

    /**
     * Looks for what makes deploys lose requests or serve old code. Changes nothing.
     *
     * @param place where
     * @return what was found; empty where all is well, or nothing can be said
     */
    default List<Finding> diagnose(Place place) {
        return List.of();
    }

    /**
     * Finds out who executes the code, and which directories it cannot write into.
     *
     * @param place where
     * @param directories absolute paths; those that are not there are passed over
     * @return what the runtime itself says; empty where it cannot be asked
     */
    default Optional<Writes> writes(Place place, List<String> directories) {
        return Optional.empty();
    }

    /** A runtime as it was found on one host. */
    interface Service {

        /**
         * How it will be brought to run another release, and why so.
         *
         * @return one clause, such as {@code "no reload, because the web server passes the resolved path"}
         */
        String way();

        /**
         * What is not as it should be, but harms nobody now.
         *
         * @return one clause each
         */
        default List<String> warnings() {
            return List.of();
        }

        /**
         * Has the runtime try a release that is complete and not yet current; starts what is to serve it, where that is another
         * process than the one that serves now. Nobody else is served by it.
         *
         * @param release its name
         * @return what it showed, in one clause; empty where the runtime cannot try
         * @throws io.github.phpdeploy.PhpDeployException when the release does not answer; it must not become current
         */
        default Optional<String> preview(String release) {
            return Optional.empty();
        }

        /**
         * Begins to bring the runtime to run what {@code current} leads to now, in the gentlest way that is safe for what
         * was found.
         *
         * @return the workers that are to go
         */
        Generation reload();

        /**
         * Waits until the old workers are gone and new ones are there.
         *
         * @param old what {@link #reload} gave
         * @return what was done, in one clause
         */
        String await(Generation old);

        /**
         * Asks the running service which release it executes, over several new connections.
         *
         * @param release the one that it must be
         * @return what was seen, in one clause; empty where the runtime cannot be asked
         * @throws io.github.phpdeploy.PhpDeployException when it still executes another one after the time allowed
         */
        default Optional<String> prove(String release) {
            return Optional.empty();
        }

        /**
         * Which releases are executed at this moment, as far as the runtime can tell: they must not be removed.
         *
         * @return the process id that executes it, by the release's name
         */
        default Map<String, String> inUse() {
            return Map.of();
        }

        /**
         * Brings the runtime back to what it ran before, after {@code current} has been switched back, or when
         * {@link #reload} or what followed it failed.
         *
         * @return what was done, in one clause
         */
        default String restore() {
            return await(reload());
        }

        /**
         * Takes back what {@link #preview} has started, when the release does not become current or did not stay so; behind
         * {@link #restore}, where anything was reloaded.
         */
        default void discard() {}

        /**
         * When all is proved: makes room for the next release, where the runtime keeps too much of earlier ones.
         *
         * @param release the one that is current
         * @return what was done, or must be, in one clause; empty where there is room
         */
        default Optional<String> tidy(String release) {
            return Optional.empty();
        }

        /**
         * What there is to tell programs: the way chosen, generations of workers, times.
         *
         * @return names and values
         */
        default Map<String, String> facts() {
            return Map.of();
        }
    }
}
