package io.github.phpdeploy.transfer;

import io.github.phpdeploy.PhpDeployException;

/** What a host has of the release that the new one starts from is not what was known of it; all can be sent instead. */
public final class UnusableBaseException extends PhpDeployException {

    private static final long serialVersionUID = 1L;

    UnusableBaseException(String what, String advice) {
        super(what, advice);
    }
}
