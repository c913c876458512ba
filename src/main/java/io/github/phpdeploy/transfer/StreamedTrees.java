package io.github.phpdeploy.transfer;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.github.phpdeploy.host.Host;

/**
 * Trees on a host that runs scripts for us: one compressed tar brings what changed.
 *
 * @param host where
 * @param deployPath absolute directory there
 */
public record StreamedTrees(Host host, String deployPath) implements ReleaseTrees {

    @Override
    public Optional<Manifests.Known> current(ManifestCache cache) {
        return Manifests.current(host, deployPath, cache);
    }

    @Override
    public Optional<Manifests.Known> brief(String release, ManifestCache cache) {
        return Manifests.brief(host, deployPath, release, cache);
    }

    @Override
    public Optional<Manifests.Known> whole(String release) {
        return Manifests.whole(host, deployPath, release);
    }

    @Override
    public List<ManifestEntry> changed(String release, Map<String, ManifestEntry> known) {
        return Manifests.changed(host, deployPath, release, known);
    }

    @Override
    public Uploading begin(String release, Optional<Base> base, HostTools tools) {
        return Upload.begin(host, deployPath, release, base, tools);
    }

    @Override
    public HostTools tools(Set<String> programs) {
        return HostTools.among(programs);
    }

    @Override
    public void plant(String directory, List<Seed.Item> items) {
        Seed.plant(host, deployPath + "/" + directory, items);
    }

    @Override
    public void settle(String current, boolean warm) {
        Manifests.settle(host, deployPath, current, warm);
    }
}
