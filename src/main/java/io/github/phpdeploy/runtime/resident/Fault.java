package io.github.phpdeploy.runtime.resident;

import java.util.ArrayList;
import java.util.List;

import io.github.phpdeploy.PhpDeployException;
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
     * @return what was found, its cost and its fix
     */
    public Finding finding() {
        return new Finding(weight != Weight.NOTE, what, cost, fix);
    }

    /**
     * The same in one clause.
     *
     * @return for the log
     */
    public String words() {
        return what + ": " + cost + "; " + fix;
    }

    /**
     * Lets pass what may.
     *
     * @param faults what was found, the worst first
     * @param allowDrops whether to go on where requests would be lost
     * @param toReload whether to go on where a reload may bring no new code: it is asked for, and the proof says what it brought
     * @return what is not as it should be, one clause each
     * @throws PhpDeployException for the first that may not
     */
    public static List<String> pass(List<Fault> faults, boolean allowDrops, boolean toReload) {
        List<String> warnings = new ArrayList<>();
        for (Fault fault : faults) {
            boolean goesOn = switch (fault.weight) {
                case NOTE -> true;
                case DROPS -> allowDrops;
                case NEVER -> toReload;
            };
            if (!goesOn) {
                throw new PhpDeployException(
                        fault.what + ", and so " + fault.cost,
                        fault.fix + (fault.weight == Weight.DROPS ? "; -Dphp.allowDrops goes on all the same" : ""));
            }
            warnings.add(fault.words());
        }
        return warnings;
    }
}
