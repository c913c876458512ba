package io.github.phpdeploy.transfer;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

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

    /**
     * Sends everything to a host that has nothing to start from; where that can be done, while it is still being read.
     *
     * @param files what is to be there
     * @param read waits until all of it has been read
     * @param time as above
     * @param note makes the line that is kept beside the tree
     * @param progress hears how far it is
     * @return what was done
     * @throws SourceChangedException when what was read is not what was found
     * @throws PhpDeployException as above
     */
    default UploadReport sendAll(
            List<TreeFile> files,
            Supplier<LocalTree> read,
            Instant time,
            Function<LocalTree, String> note,
            UploadProgress progress) {
        LocalTree tree = read.get();
        ChangeSet all = ChangeSet.between(Optional.empty(), tree.manifest(), HostTools.NONE);
        return send(tree, all, time, note.apply(tree), progress);
    }

    /** Ends an upload that was not sent, and waits until the host has stopped: only then what is left of it may go. */
    @Override
    void close();
}
