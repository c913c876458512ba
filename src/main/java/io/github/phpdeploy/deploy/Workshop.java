package io.github.phpdeploy.deploy;

import java.util.List;
import java.util.Set;

import io.github.phpdeploy.release.ReleaseRecord;
import io.github.phpdeploy.release.SiteLock;

/** What is done to a complete release on its host, so that it can go live there. */
interface Workshop {

    /**
     * Which shared paths are not on the host. Changes nothing.
     *
     * @param paths relative to {@code shared/}
     */
    Set<String> missing(List<String> paths);

    /**
     * Links what is shared into a release, making directories that are missing; makes writable what must be; and writes down
     * that the release is ready.
     */
    void prepare(SiteLock lock, ReleaseRecord ready, Shared shared, Writable writable);

    /**
     * Runs one of the user's commands.
     *
     * @param log hears what it says
     */
    void hook(Hook hook, Hooks hooks, String release, String previous, DeployLog log);
}
