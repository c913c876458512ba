package io.github.phpdeploy.deploy;

import java.util.List;
import java.util.OptionalLong;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.transfer.ChangeSet;
import io.github.phpdeploy.transfer.Kind;
import io.github.phpdeploy.transfer.Manifest;
import io.github.phpdeploy.transfer.TreeFile;

/**
 * What a new release takes of a host's file system, at most.
 *
 * @param kibibytes for content and directories
 * @param inodes for files, links and directories
 */
record SpaceNeeded(long kibibytes, long inodes) {

    /** A file takes a block, and so does a directory: ext4's and most others' size, in KiB. */
    private static final long BLOCK_KIB = 4;

    /** What a deploy writes for itself: records, manifests, lists on their way. */
    private static final long OWN_FILES = 32;

    static SpaceNeeded of(Manifest manifest, ChangeSet changes) {
        long directories = manifest.entries().values().stream()
                .filter(entry -> entry.kind() == Kind.DIRECTORY)
                .count();
        long kibibytes = changes.added().stream()
                        .mapToLong(entry -> blocks(entry.size()))
                        .sum()
                + directories * BLOCK_KIB;
        return new SpaceNeeded(kibibytes, changes.added().size() + directories + OWN_FILES);
    }

    /** For a release of which a host has nothing. */
    static SpaceNeeded of(List<TreeFile> files) {
        long kibibytes = files.stream().mapToLong(file -> blocks(file.size())).sum();
        return new SpaceNeeded(kibibytes, files.size() + OWN_FILES);
    }

    private static long blocks(long bytes) {
        return (bytes / 1024 / BLOCK_KIB + 1) * BLOCK_KIB;
    }

    /**
     * Holds it against what is free on a host.
     *
     * @throws PhpDeployException when there is too little
     */
    void check(HostRun run) {
        OptionalLong freeKibibytes = run.before().freeKibibytes();
        OptionalLong freeInodes = run.before().freeInodes();
        if (freeKibibytes.isPresent() && freeKibibytes.getAsLong() < kibibytes) {
            throw tooLittle(run, kibibytes, freeKibibytes.getAsLong(), " KiB");
        }
        // file systems without a fixed number of inodes say 0
        if (freeInodes.isPresent() && freeInodes.getAsLong() > 0 && freeInodes.getAsLong() < inodes) {
            throw tooLittle(run, inodes, freeInodes.getAsLong(), " inodes");
        }
    }

    private static PhpDeployException tooLittle(HostRun run, long needed, long free, String unit) {
        return new PhpDeployException(
                "there is no room on " + run.name() + " for the new release: it needs " + needed + unit + ", and "
                        + free + unit + " are free in " + run.target().deployPath(),
                "free some there, or keep fewer releases with -Dphp.keepReleases");
    }
}
