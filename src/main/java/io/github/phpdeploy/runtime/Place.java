package io.github.phpdeploy.runtime;

import java.util.Optional;

import io.github.phpdeploy.host.Host;

/**
 * A site on a host, as a runtime sees it.
 *
 * @param host where it is
 * @param deployPath the directory that holds {@code current} and {@code releases}
 * @param visitor asks the site once through its web server, over a new connection; empty where nobody said how
 */
public record Place(Host host, String deployPath, Optional<Runnable> visitor) {

    /**
     * A release's directory.
     *
     * @param id its name
     * @return an absolute path
     */
    public String release(String id) {
        return deployPath + "/releases/" + id;
    }
}
