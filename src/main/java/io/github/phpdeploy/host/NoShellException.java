package io.github.phpdeploy.host;

import io.github.phpdeploy.PhpDeployException;

/** The host let us in but runs no shell for us: nothing that was asked of it has begun. */
public final class NoShellException extends PhpDeployException {

    private static final long serialVersionUID = 1L;

    /**
     * An error with its way out.
     *
     * @param what what happened and where
     * @param advice what to do next
     */
    public NoShellException(String what, String advice) {
        super(what, advice);
    }
}
