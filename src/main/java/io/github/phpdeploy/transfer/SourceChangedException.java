package io.github.phpdeploy.transfer;

import java.nio.file.Path;

import io.github.phpdeploy.PhpDeployException;

/** A file here was changed, or vanished, between being found and being sent. Reading the application anew may help. */
public final class SourceChangedException extends PhpDeployException {

    private static final long serialVersionUID = 1L;

    /**
     * A file that does not stay as it is.
     *
     * @param what the file, or what a host said of it
     * @param cause what went wrong; null where it is only different
     */
    SourceChangedException(String what, Throwable cause) {
        super(
                what,
                "keep what writes to it quiet during a deploy, or exclude it with <excludes>; then run it again",
                cause);
    }

    SourceChangedException(Path source, Throwable cause) {
        this("the file " + source + " changed or vanished between being found and being sent", cause);
    }
}
