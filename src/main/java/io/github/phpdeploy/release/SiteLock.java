package io.github.phpdeploy.release;

import java.util.Optional;

/** The lock of a deploy path, held for as long as this object lives. */
public interface SiteLock extends AutoCloseable {

    /**
     * What was there when the lock was taken.
     *
     * @return the site's state
     */
    SiteState state();

    /**
     * Who had the lock before and went without giving it back.
     *
     * @return that holder; empty when all was in order
     */
    Optional<LockHolder> leftBehind();

    /** Gives the lock back, and waits until the host has done so. */
    @Override
    void close();
}
