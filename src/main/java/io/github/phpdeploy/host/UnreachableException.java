package io.github.phpdeploy.host;

import io.github.phpdeploy.PhpDeployException;

/** A host does not answer: it is down, its name is not known, or nothing leads there. It has refused nothing. */
public final class UnreachableException extends PhpDeployException {

    private static final long serialVersionUID = 1L;

    /**
     * A host that does not answer.
     *
     * @param what what happened and where, without a full stop
     * @param advice what to do next, without a full stop
     * @param cause the technical cause
     */
    public UnreachableException(String what, String advice, Throwable cause) {
        super(what, advice, cause);
    }
}
