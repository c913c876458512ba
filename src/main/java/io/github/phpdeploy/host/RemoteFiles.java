package io.github.phpdeploy.host;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The files of a host, without running anything there. What is asked goes out at once, and its answer is fetched when it is
 * needed: ask for many things first and fetch the answers then, and they cost one round trip together. Safe for use by
 * several threads; a host may answer in any order what does not concern the same path.
 *
 * <p>Throws {@link io.github.phpdeploy.PhpDeployException} when the connection is lost. Paths are absolute.
 */
public interface RemoteFiles extends AutoCloseable {

    /** What not every host can do. */
    enum Ability {
        /** {@link #hardLink}. */
        HARD_LINK,
        /** {@link #replace}. */
        REPLACE,
        /** {@link #space}. */
        SPACE
    }

    /**
     * The answer to something that was asked.
     *
     * @param <T> what it holds
     */
    interface Reply<T> {

        /**
         * Waits for the answer.
         *
         * @return what was asked for; null where there is nothing to tell
         * @throws RemoteFileException when the host refuses
         */
        T get() throws RemoteFileException;

        /**
         * Waits for the answer; what is not there is no failure.
         *
         * @return what was asked for; empty when there is no such path
         * @throws RemoteFileException when the host refuses for another reason
         */
        default Optional<T> ifThere() throws RemoteFileException {
            try {
                return Optional.ofNullable(get());
            } catch (RemoteFileException e) {
                if (e.reason() == RemoteFileException.Reason.MISSING) {
                    return Optional.empty();
                }
                throw e;
            }
        }
    }

    /**
     * Free space.
     *
     * @param kibibytes KiB that the account may still use
     * @param inodes files that it may still make; 0 where the file system does not count them
     */
    record Space(long kibibytes, long inodes) {}

    /** How a file is opened to be written. */
    enum Opening {
        /** It must not be there. */
        NEW,
        /** It must be there; what it holds beyond what is written stays. */
        EXISTING,
        /** It is emptied, or made. */
        ANEW,
        /** What is written goes behind what it holds; it is made when it is not there. */
        APPEND
    }

    /** Content to write. */
    interface Content {

        /**
         * Opens it.
         *
         * @return its bytes from the beginning, to be closed
         * @throws IOException when it cannot be read here
         */
        InputStream open() throws IOException;
    }

    /**
     * A file to write.
     *
     * @param path where
     * @param opening what of it may be there
     * @param mode its permissions; one that is there keeps its own unless {@code mtime} is given
     * @param mtime the modification time that it gets, in seconds; empty to leave that to the host
     * @param content what it gets
     */
    record NewFile(String path, Opening opening, int mode, OptionalLong mtime, Content content) {}

    /** Hears what has been written. */
    interface Written {

        /**
         * A file is complete, or could not be written.
         *
         * @param file which
         * @param failure why not; null when it is complete
         */
        void file(NewFile file, RemoteFileException failure) throws RemoteFileException;
    }

    /**
     * Whether the host can do something.
     *
     * @param ability what
     * @return true when it says so
     */
    boolean can(Ability ability);

    /**
     * What is at a path.
     *
     * @param path where; a link is not followed
     * @return what is there
     */
    Reply<RemoteFile> look(String path);

    /**
     * What a path leads to.
     *
     * @param path where; a link is followed
     * @return what is there in the end
     */
    Reply<RemoteFile> follow(String path);

    /**
     * What a symbolic link points to.
     *
     * @param path where the link is
     * @return its target, as it stands in the link
     */
    Reply<String> readLink(String path);

    /**
     * Makes a directory.
     *
     * @param path where
     * @param mode its permissions, which the host may narrow
     * @return nothing
     */
    Reply<Void> makeDirectory(String path, int mode);

    /**
     * Sets permissions.
     *
     * @param path of what; a link is followed
     * @param mode the permissions
     * @return nothing
     */
    Reply<Void> setMode(String path, int mode);

    /**
     * Makes a hard link.
     *
     * @param existing a file that is there
     * @param path where it is to be as well
     * @return nothing
     */
    Reply<Void> hardLink(String existing, String path);

    /**
     * Makes a symbolic link.
     *
     * @param target what it points to
     * @param path where it is to be
     * @return nothing
     */
    Reply<Void> symbolicLink(String target, String path);

    /**
     * Gives something another name, where nothing has that name.
     *
     * @param from the old path
     * @param to the new path
     * @return nothing
     */
    Reply<Void> rename(String from, String to);

    /**
     * Gives something another name, in one step in place of what has that name: rename(2).
     *
     * @param from the old path
     * @param to the new path
     * @return nothing
     */
    Reply<Void> replace(String from, String to);

    /**
     * Removes a file or a link.
     *
     * @param path what
     * @return nothing
     */
    Reply<Void> remove(String path);

    /**
     * Removes an empty directory.
     *
     * @param path what
     * @return nothing
     */
    Reply<Void> removeDirectory(String path);

    /**
     * Free space.
     *
     * @param path where; something that is there
     * @return what is free there
     */
    Reply<Space> space(String path);

    /**
     * Lists directories, many at a time.
     *
     * @param directories which
     * @return path → what it holds; without those that are not there
     * @throws RemoteFileException when one cannot be read
     */
    Map<String, List<RemoteFile>> list(Collection<String> directories) throws RemoteFileException;

    /**
     * Reads small files, many at a time.
     *
     * @param paths which
     * @return path → its bytes; without those that are not there
     * @throws RemoteFileException when one cannot be read
     */
    Map<String, byte[]> read(Collection<String> paths) throws RemoteFileException;

    /**
     * Reads the end of a file.
     *
     * @param path which
     * @param length how many bytes at most
     * @return its last bytes; empty when it is not there
     * @throws RemoteFileException when it cannot be read
     */
    Optional<byte[]> readEnd(String path, long length) throws RemoteFileException;

    /**
     * Writes files, many at a time.
     *
     * @param files which, in the order in which they are begun
     * @param written hears of each when it is complete or has failed
     * @throws RemoteFileException what {@code written} throws
     * @throws IOException when content cannot be read here
     */
    void write(Iterable<NewFile> files, Written written) throws IOException;

    /**
     * How much was sent.
     *
     * @return bytes of all requests so far
     */
    long sent();

    /** Ends the session; the connection stays. */
    @Override
    void close();
}
