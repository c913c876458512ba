package io.github.phpdeploy.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.phpdeploy.archive.Application;
import io.github.phpdeploy.archive.ApplicationFile;
import io.github.phpdeploy.archive.Selection;
import io.github.phpdeploy.transfer.HashCache;
import io.github.phpdeploy.transfer.Kind;
import io.github.phpdeploy.transfer.LocalTree;
import io.github.phpdeploy.transfer.SourceChangedException;
import io.github.phpdeploy.transfer.TreeFile;

/**
 * What belongs to a release of an application, while it is found and read in the background: not what is shared, and links to
 * that may stand.
 */
final class Reading {

    private final DeployRequest request;
    private final HashCache hashes;
    private final CompletableFuture<List<TreeFile>> found = new CompletableFuture<>();
    private final CompletableFuture<LocalTree> read = new CompletableFuture<>();

    private Reading(DeployRequest request, HashCache hashes) {
        this.request = request;
        this.hashes = hashes;
    }

    /** Begins to read. */
    static Reading begin(DeployRequest request, HashCache hashes) {
        Reading reading = new Reading(request, hashes);
        Thread thread = new Thread(reading::run, "php-deploy-read");
        thread.setDaemon(true);
        thread.start();
        return reading;
    }

    /** Begins to read once more, because what was read has changed since. */
    Reading again() {
        return begin(request, hashes);
    }

    private void run() {
        try {
            read.complete(readTwice());
        } catch (RuntimeException | Error failure) {
            found.completeExceptionally(failure);
            read.completeExceptionally(failure);
        }
    }

    private LocalTree readTwice() {
        try {
            return readOnce();
        } catch (SourceChangedException changed) {
            // something was still being written: most often that has ended now
            return readOnce();
        }
    }

    private LocalTree readOnce() {
        Selection selection = selection(request, request.shared().paths());
        List<TreeFile> files = new ArrayList<>();
        try (LocalTree.Reader reader = new LocalTree.Reader(hashes)) {
            Application.scan(request.application(), selection, file -> {
                TreeFile one = treeFile(file);
                files.add(one);
                reader.add(one);
            });
            found.complete(List.copyOf(files));
            return reader.finish();
        }
    }

    /**
     * Waits until everything has been found and makes sense, and only contents are still being read.
     *
     * @return what was found
     * @throws io.github.phpdeploy.PhpDeployException when there is something wrong with the application
     */
    List<TreeFile> found() {
        List<TreeFile> files = HostRun.await(found);
        if (read.isCompletedExceptionally()) {
            HostRun.await(read);
        }
        return files;
    }

    /** Whether all has been read. */
    boolean isDone() {
        return read.isDone() && !read.isCompletedExceptionally();
    }

    /**
     * Waits until all has been read.
     *
     * @throws io.github.phpdeploy.PhpDeployException when there is something wrong with the application
     */
    LocalTree tree() {
        return HostRun.await(read);
    }

    static Selection selection(DeployRequest request, List<String> without) {
        Selection base = request.selection();
        List<String> linkable = new ArrayList<>(base.linkable());
        linkable.addAll(request.shared().paths());
        linkable.addAll(request.writable().directories());
        return new Selection(base.includes(), base.excludes(), base.defaultExcludes(), linkable).without(without);
    }

    static TreeFile treeFile(ApplicationFile file) {
        Kind kind = switch (file.kind()) {
            case FILE -> Kind.FILE;
            case DIRECTORY -> Kind.DIRECTORY;
            case LINK -> Kind.LINK;
        };
        return new TreeFile(file.path(), kind, file.executable(), file.source(), file.target(), file.seen());
    }
}
