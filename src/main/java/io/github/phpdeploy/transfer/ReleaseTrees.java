package io.github.phpdeploy.transfer;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The trees that a deploy path holds, each with its manifest, and the way in which new ones get there. */
public interface ReleaseTrees {

    /**
     * Reads the manifest of the current release, briefly, unless it is in the cache.
     *
     * @param cache manifests that need not be read
     * @return what is known; empty when there is no current release or no manifest of it
     */
    Optional<Manifests.Known> current(ManifestCache cache);

    /**
     * Reads the manifest of a release, briefly, unless it is in the cache.
     *
     * @param release the release
     * @param cache manifests that need not be read
     * @return what is known; empty when there is no manifest of it
     */
    Optional<Manifests.Known> brief(String release, ManifestCache cache);

    /**
     * Reads the whole manifest of a release.
     *
     * @param release the release
     * @return what is known; empty when there is no manifest of it
     */
    Optional<Manifests.Known> whole(String release);

    /**
     * Finds out what of a release is not as its manifest says, without touching it.
     *
     * @param release the release
     * @param known its whole manifest's entries
     * @return what is gone or different
     */
    List<ManifestEntry> changed(String release, Map<String, ManifestEntry> known);

    /**
     * Begins to bring a tree to the host.
     *
     * @param release the directory under {@code releases/} to make
     * @param base what to start from; empty to send everything
     * @param tools what of the host is of use
     * @return the upload, to be closed
     */
    Uploading begin(String release, Optional<Base> base, HostTools tools);

    /**
     * What of a host's programs is of use for uploads.
     *
     * @param programs what is there
     * @return what can be used
     */
    HostTools tools(Set<String> programs);

    /**
     * Puts some first files into a directory that is no release, but touches none that is there.
     *
     * @param directory a directory below the deploy path; it is made
     * @param items what is to be there
     */
    void plant(String directory, List<Seed.Item> items);

    /**
     * Tidies up behind a deploy: empties the trash, and makes ready for the next.
     *
     * @param current the release that is current
     * @param warm whether to leave a clone of it for the next release to start from
     */
    void settle(String current, boolean warm);
}
