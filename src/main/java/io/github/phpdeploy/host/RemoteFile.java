package io.github.phpdeploy.host;

/**
 * Something in a host's file system.
 *
 * @param name its name in the directory that was listed, or the path that was asked for
 * @param kind what it is
 * @param mode its permissions, the lower twelve bits
 * @param size its length in bytes
 * @param mtime when its content was last changed, in seconds since the epoch, by the host's clock
 */
public record RemoteFile(String name, Kind kind, int mode, long size, long mtime) {

    /** What it can be. */
    public enum Kind {
        /** A regular file. */
        FILE,
        /** A directory. */
        DIRECTORY,
        /** A symbolic link. */
        LINK,
        /** A device, a socket, a pipe. */
        OTHER
    }

    /**
     * Whether it is a directory.
     *
     * @return true for a directory, false also for a link to one
     */
    public boolean isDirectory() {
        return kind == Kind.DIRECTORY;
    }

    /**
     * Whether its owner may execute it.
     *
     * @return true when the bit is set
     */
    public boolean isExecutable() {
        return (mode & 0100) != 0;
    }
}
