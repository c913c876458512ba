package io.github.phpdeploy.release;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * A directory under {@code releases/} and what is remembered of it.
 *
 * @param id its name
 * @param record what is remembered; empty when somebody else made it, or the record was lost
 */
public record Release(String id, Optional<ReleaseRecord> record) {

    /** Oldest first; by name where the time is the same. */
    public static final Comparator<Release> BY_TIME =
            Comparator.comparing(Release::created).thenComparing(Release::id);

    /**
     * When its deploy began.
     *
     * @return the time; the beginning of time where nothing is remembered
     */
    public Instant created() {
        return record.map(ReleaseRecord::created).orElse(Instant.EPOCH);
    }

    /**
     * Whether it is in a state.
     *
     * @param state the state
     * @return true when it is; false also when nothing is remembered
     */
    public boolean is(ReleaseState state) {
        return record.map(known -> known.state() == state).orElse(false);
    }
}
