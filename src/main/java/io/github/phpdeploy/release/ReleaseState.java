package io.github.phpdeploy.release;

import java.util.Locale;

/** What is known of a release. */
public enum ReleaseState {
    /** It is being brought to the host; it may be incomplete. */
    UPLOADING,
    /** It is complete and was never live. */
    READY,
    /** It was made current, and has not been proved to serve. */
    ACTIVE,
    /** It was live and was proved to serve. */
    GOOD,
    /** It was live and somebody rolled back from it. */
    BAD,
    /** It could not be made ready or did not prove to serve, and was undone. */
    FAILED;

    /**
     * The state as users and files have it.
     *
     * @return lower case
     */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
