package io.github.phpdeploy.transfer;

import java.time.Instant;

import io.github.phpdeploy.PhpDeployException;

/** A tree on its way to a host, which may have begun already. Nobody sees it there before it is complete and checked. */
public interface Uploading extends AutoCloseable {

    /**
     * Sends what the host does not have.
     *
     * @param tree what is to be there
     * @param changes how it differs from the base
     * @param time the modification time of all that is sent, in whole seconds; the same on every host, so that all
     *     answer with the same ETag
     * @param note one line that is kept beside the tree, in {@code .php-deploy/releases/<id>.json}
     * @param progress hears how far it is
     * @return what was done
     * @throws PhpDeployException when it could not be done; what is under {@code releases/} is then as it was, and what
     *     is in {@code staging/<id>} may be thrown away
     */
    UploadReport send(LocalTree tree, ChangeSet changes, Instant time, String note, UploadProgress progress);

    /** Ends an upload that was not sent, and waits until the host has stopped: only then what is left of it may go. */
    @Override
    void close();
}
