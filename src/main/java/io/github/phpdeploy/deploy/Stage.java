package io.github.phpdeploy.deploy;

import java.util.Locale;

/** The stages of a deploy, in their order. Each says how it is undone. */
public enum Stage {
    /** Connecting and authenticating; undone by hanging up. */
    CONNECT,
    /** Taking the lock of the deploy path; undone by giving it back, which the end of the connection does by itself. */
    LOCK,
    /** Looking at what is there; changes nothing. */
    INSPECT,
    /** Bringing the new release to the host; undone by throwing the staging area away. */
    UPLOAD,
    /** Linking what is shared, making writable what must be, the user's hooks; the release is kept as failed. */
    PREPARE,
    /** Switching {@code current}; undone by switching it back. */
    ACTIVATE,
    /** Reloading the runtime, the user's hooks; undone by reloading again after the switch back. */
    RELOAD,
    /** Asking whether the site is healthy; changes nothing. */
    VERIFY,
    /** Writing down how it ended, removing outdated releases; is not undone, because the release is live and good. */
    RETIRE;

    /** Whether hosts go through it some at a time, because it takes time and nobody notices. */
    boolean isInTurns() {
        return compareTo(ACTIVATE) < 0;
    }

    /**
     * The stage as users and files have it.
     *
     * @return lower case
     */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
