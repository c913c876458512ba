package io.github.phpdeploy.runtime.replace;

import java.util.List;

import io.github.phpdeploy.runtime.Finding;
import io.github.phpdeploy.runtime.Place;

/** What is special about one kind of server: how it is made ready to be started, and how it is asked. Immutable. */
public interface ServerKind {

    /**
     * Makes ready to start a master for a release, before anything else is touched.
     *
     * @param place the site
     * @param seat where the master is to listen
     * @param release what it is to serve
     * @return the master that is to be
     * @throws io.github.phpdeploy.PhpDeployException when it could not start
     */
    Candidate candidate(Place place, Seat seat, String release);

    /**
     * What the proxy's file holds unless the user says it.
     *
     * @return text with placeholders
     */
    String upstream();

    /**
     * Looks for what would keep a new master from starting, or harm the one that serves. Changes nothing.
     *
     * @param place the site
     * @return what was found
     */
    default List<Finding> diagnose(Place place) {
        return List.of();
    }

    /**
     * Whether the proof also asks through the proxy.
     *
     * @return true where a proxy that does not lead to the new master is seen
     */
    default boolean asksThroughProxy() {
        return false;
    }

    /** A master that is to serve a release. Used by one thread at a time. */
    interface Candidate {

        /**
         * The command that starts it unless the user says it.
         *
         * @return what {@code sh} runs; empty where there is none
         */
        default String command() {
            return "";
        }

        /**
         * The program, for that command.
         *
         * @return its path, or nothing
         */
        default String program() {
            return "";
        }

        /**
         * Its configuration, for that command.
         *
         * @return a path, or nothing
         */
        default String config() {
            return "";
        }

        /**
         * Asks it over new connections, before anybody else does, until it shows the release.
         *
         * @return what was seen, in one clause
         * @throws io.github.phpdeploy.PhpDeployException when it does not within the time allowed, or shows another release
         */
        String tried();

        /**
         * Asks it again when the proxy leads to it.
         *
         * @return what was seen, in one clause
         * @throws io.github.phpdeploy.PhpDeployException when it does not show the release
         */
        String proved();
    }
}
