package io.github.phpdeploy.runtime.resident;

import io.github.phpdeploy.runtime.Finding;

/**
 * Something that stands in the way of a reload in place.
 *
 * @param weight how bad it is
 * @param what what was found, in one clause
 * @param cost what it costs to leave it so
 * @param fix what to do, with the exact setting, and what that costs
 */
public record Fault(Weight weight, String what, String cost, String fix) {

    /** How bad a fault is. */
    public enum Weight {
        /** Old code would be served, or nothing could be known: never allowed. */
        NEVER,
        /** Requests would be lost: goes on only where that is allowed. */
        DROPS,
        /** Worth to be known. */
        NOTE
    }

    /**
     * The same for the doctor.
     *
     * @return a finding, harmful unless it is only worth to be known
     */
    public Finding finding() {
        return new Finding(weight != Weight.NOTE, what, cost, fix);
    }

    /**
     * The same for the log.
     *
     * @return one clause
     */
    public String words() {
        return what + ": " + cost + "; " + fix;
    }
}
