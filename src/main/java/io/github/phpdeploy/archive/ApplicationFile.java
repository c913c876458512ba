package io.github.phpdeploy.archive;

import java.nio.file.Path;

/**
 * One thing that belongs to the application.
 *
 * @param path where it lies in the application: relative, {@code /} between names, never {@code ..}
 * @param kind what it is
 * @param executable for a file, whether it may be executed
 * @param size for a file, its length in bytes when it was seen; else 0
 * @param source where its content lies on this machine
 * @param target for a symbolic link, what it points to, as it stands in the link; else null
 */
public record ApplicationFile(String path, Kind kind, boolean executable, long size, Path source, String target) {

    /** What there is in an application. */
    public enum Kind {
        /** A regular file. */
        FILE,
        /** A directory; listed before what it holds. */
        DIRECTORY,
        /** A symbolic link that points into the application. */
        LINK
    }
}
