package io.github.phpdeploy.host;

import java.io.IOException;

import io.github.phpdeploy.PhpDeployException;

/** The host refused to do something with one of its files. The connection is as good as before. */
public final class RemoteFileException extends IOException {

    private static final long serialVersionUID = 1L;

    /** Why, as far as the host says it: often it does not. */
    public enum Reason {
        /** There is no such file or directory. */
        MISSING,
        /** The account may not do it. */
        DENIED,
        /** The host does not know how. */
        UNSUPPORTED,
        /** Anything else: it is there already, the disk is full, it lies on another file system. */
        FAILED
    }

    private final String path;
    private final Reason reason;

    /**
     * A refusal.
     *
     * @param path what was to be done something with
     * @param reason why it was not
     * @param said the host's own words
     */
    public RemoteFileException(String path, Reason reason, String said) {
        super(Printable.line(path + ": " + said));
        this.path = path;
        this.reason = reason;
    }

    /**
     * What was to be done something with.
     *
     * @return the path that was given
     */
    public String path() {
        return path;
    }

    /**
     * Why it was not done.
     *
     * @return the reason, as far as the host says it
     */
    public Reason reason() {
        return reason;
    }

    /**
     * The error for the user.
     *
     * @param what what could not be done, without the host's name
     * @param host where
     * @return the same failure in words
     */
    public PhpDeployException explained(String what, Host host) {
        String advice = switch (reason) {
            case MISSING -> "find out what else writes there, then run this again";
            case DENIED ->
                "let the account that deploys write there, on " + host.name()
                        + ": all that is in the deploy path must be its own";
            case UNSUPPORTED -> "let the SFTP server of " + host.name() + " do that";
            case FAILED -> "look at free space, quota and permissions there: SFTP does not say which it is";
        };
        return new PhpDeployException(what + " on " + host.name() + ": " + getMessage(), advice, this);
    }
}
