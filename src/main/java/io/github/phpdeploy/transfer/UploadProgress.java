package io.github.phpdeploy.transfer;

/** Hears how far an upload is; called often, from the thread that sends. */
@FunctionalInterface
public interface UploadProgress {

    /**
     * Some more has been sent.
     *
     * @param files files sent so far
     * @param bytes bytes of content sent so far, before compression
     * @param wire bytes sent so far as they travel, compressed
     */
    void sent(int files, long bytes, long wire);
}
