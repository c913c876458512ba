package io.github.phpdeploy.deploy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Printable;

/**
 * How many hosts are worked on at a time, and how many there must be.
 *
 * @param parallel how many are connected to, sent to and prepared at a time; they are switched all together
 * @param skipUnreachable whether to go on without hosts that do not answer
 * @param least how many must answer then
 */
public record FleetRules(int parallel, boolean skipUnreachable, Share least) {

    /** How many at a time unless the user says so: each takes a connection, some threads and a part of the line. */
    public static final int PARALLEL = 20;

    /** All hosts must answer. */
    public static final FleetRules ALL = new FleetRules(PARALLEL, false, new Share(1, false));

    /** Rules that make sense. */
    public FleetRules {
        if (parallel < 1) {
            throw new PhpDeployException("php.parallel is " + parallel, "set it to 1 or more");
        }
    }

    /**
     * A number of hosts.
     *
     * @param number how many, or how many percent of all
     * @param percent whether it is percent
     */
    public record Share(int number, boolean percent) {

        private static final Pattern NUMBER = Pattern.compile("(?<number>[0-9]{1,6})\\s*(?<percent>%)?");

        /**
         * Reads a number of hosts.
         *
         * @param property what it was written as
         * @param text {@code 3} or {@code 80%}
         * @return the number
         */
        public static Share parse(String property, String text) {
            Matcher matcher = NUMBER.matcher(text.strip());
            boolean percent = matcher.matches() && matcher.group("percent") != null;
            int number = matcher.matches() ? Integer.parseInt(matcher.group("number")) : 0;
            if (number < 1 || (percent && number > 100)) {
                throw new PhpDeployException(
                        property + " is \"" + Printable.line(text) + "\"",
                        "set it to a number of hosts from 1 on, or to percent of all, such as 80%");
            }
            return new Share(number, percent);
        }

        /**
         * How many these are.
         *
         * @param all how many hosts there are
         * @return at least 1
         */
        public int of(int all) {
            return percent ? Math.max(1, (int) Math.ceil(all * number / 100.0)) : number;
        }

        /** As users write it. */
        @Override
        public String toString() {
            return number + (percent ? "%" : "");
        }
    }

    /**
     * Reads what a user wants with hosts that do not answer.
     *
     * @param parallel how many at a time
     * @param unreachable {@code fail} or {@code skip}
     * @param minHosts how many must answer when others are skipped; null for 1
     * @return the rules
     * @throws PhpDeployException when it makes no sense
     */
    public static FleetRules of(int parallel, String unreachable, String minHosts) {
        boolean skip = unreachable.strip().equalsIgnoreCase("skip");
        if (!skip && !unreachable.strip().equalsIgnoreCase("fail")) {
            throw new PhpDeployException(
                    "php.unreachable is \"" + Printable.line(unreachable) + "\"", "set it to fail or skip");
        }
        if (!skip && minHosts != null) {
            throw new PhpDeployException(
                    "php.minHosts is set, but hosts that do not answer are not skipped", "set php.unreachable to skip");
        }
        return new FleetRules(parallel, skip, minHosts == null ? ALL.least() : Share.parse("php.minHosts", minHosts));
    }
}
