package io.github.phpdeploy.archive;

import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * One thing that belongs to the application.
 *
 * @param path where it lies in the application: relative, {@code /} between names, never {@code ..}
 * @param kind what it is
 * @param executable for a file, whether it may be executed
 * @param source where its content lies on this machine
 * @param target for a symbolic link, what it points to, as it stands in the link; else null
 * @param seen for a file, what it looked like when it was found; else null
 */
public record ApplicationFile(
        String path, Kind kind, boolean executable, Path source, String target, BasicFileAttributes seen) {

    /**
     * How large a file is.
     *
     * @return bytes when it was found; 0 for what is no file
     */
    public long size() {
        return seen == null ? 0 : seen.size();
    }

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
