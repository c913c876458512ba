package io.github.phpdeploy.transfer;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;

import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.Running;
import io.github.phpdeploy.host.Script;
import io.github.phpdeploy.host.ScriptResult;

/** The manifests that a host keeps, one for each release. */
public final class Manifests {

    private static final Script TREE = Script.of(Manifests.class, "tree.sh");
    private static final Script FETCH = Script.of(Manifests.class, "fetch.sh");
    private static final Script COMPARE = TREE.then(Script.of(Manifests.class, "compare.sh"));
    private static final Script SETTLE = TREE.then(Script.of(Manifests.class, "settle.sh"));
    private static final Duration LIMIT = Duration.ofMinutes(30);

    /** What a manifest may unpack to: far more than any application has. */
    private static final int MAX_BYTES = 256 * 1024 * 1024;

    private Manifests() {}

    /**
     * Reads the manifest of a release.
     *
     * @param host where
     * @param deployPath absolute directory there
     * @param release the release
     * @param digest the SHA-256 that it must have
     * @return the manifest; empty when it is not there, cut short, corrupt, or another
     */
    public static Optional<Manifest> fetch(Host host, String deployPath, String release, String digest) {
        ScriptResult result = host.run(FETCH, List.of(deployPath, release));
        if (!result.ok()) {
            return Optional.empty();
        }
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(result.output()))) {
            return Manifest.parse(in.readNBytes(MAX_BYTES))
                    .filter(manifest -> manifest.digest().equals(digest));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Finds out what of a release is not as its manifest says, without touching it. File contents are read only where
     * size, times or inode show that they may have changed.
     *
     * @param host where
     * @param deployPath absolute directory there
     * @param release the release
     * @param manifest its manifest
     * @return what is gone or different
     */
    public static List<ManifestEntry> changed(Host host, String deployPath, String release, Manifest manifest) {
        ScriptResult result;
        try (Running running = host.start(COMPARE, List.of(deployPath, release), LIMIT)) {
            result = running.finish();
        }
        Set<String> changed = new LinkedHashSet<>();
        List<String> bits = new ArrayList<>();
        List<String> hashes = new ArrayList<>();
        List<String> paths = new ArrayList<>();
        for (String line : result.lines()) {
            if (line.startsWith("!")) {
                changed.add(line.substring(1));
            } else if (line.length() > 2) {
                List<String> list = switch (line.charAt(0)) {
                    case 'b' -> bits;
                    case 'h' -> hashes;
                    default -> paths;
                };
                list.add(line.substring(2));
            }
        }
        boolean complete = bits.size() == paths.size() && hashes.size() == paths.size();
        for (int i = 0; i < paths.size(); i++) {
            ManifestEntry entry = manifest.entries().get(paths.get(i));
            boolean same = complete
                    && entry != null
                    && entry.kind() == Kind.FILE
                    && entry.hash().equals(hashes.get(i))
                    && entry.executable() == bits.get(i).equals("x");
            if (!same) {
                changed.add(paths.get(i));
            }
        }
        return changed.stream()
                .map(path -> manifest.entries().get(path))
                .filter(Objects::nonNull)
                .toList();
    }

    /**
     * Has the host empty its trash and renew what it knows of the current release's files, without waiting for it.
     *
     * @param host where
     * @param deployPath absolute directory there
     * @param current the release that is current
     */
    public static void settle(Host host, String deployPath, String current) {
        host.run(SETTLE, List.of(deployPath, current));
    }
}
