package io.github.phpdeploy.transfer;

import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * One thing that is to be on the host.
 *
 * @param path where: relative, {@code /} between names, any characters but NUL
 * @param kind what it is
 * @param executable for a file, whether it may be executed
 * @param source for a file, where its content lies on this machine
 * @param target for a symbolic link, what it points to; else null
 * @param seen for a file, what it looked like when it was found; null where that is not known
 */
public record TreeFile(
        String path, Kind kind, boolean executable, Path source, String target, BasicFileAttributes seen) {

    /**
     * A directory.
     *
     * @param path where
     * @return the directory
     */
    public static TreeFile directory(String path) {
        return new TreeFile(path, Kind.DIRECTORY, false, null, null, null);
    }

    /**
     * A symbolic link.
     *
     * @param path where
     * @param target what it points to
     * @return the link
     */
    public static TreeFile link(String path, String target) {
        return new TreeFile(path, Kind.LINK, false, null, target, null);
    }

    /**
     * A file of which only the place is known.
     *
     * @param path where
     * @param executable whether it may be executed
     * @param source where its content lies on this machine
     * @return the file
     */
    public static TreeFile file(String path, boolean executable, Path source) {
        return new TreeFile(path, Kind.FILE, executable, source, null, null);
    }

    /**
     * How large it is.
     *
     * @return for a file that was looked at, its length in bytes; else 0
     */
    public long size() {
        return seen == null ? 0 : seen.size();
    }
}
