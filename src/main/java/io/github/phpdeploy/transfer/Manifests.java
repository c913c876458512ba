package io.github.phpdeploy.transfer;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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

    private static final Script HASH = Script.of(Manifests.class, "hash.sh");
    private static final Script TREE = Script.of(Manifests.class, "tree.sh");
    private static final Script BRIEF = Script.of(Manifests.class, "brief.sh");
    private static final Script FETCH = HASH.then(BRIEF).then(Script.of(Manifests.class, "fetch.sh"));
    private static final Script COMPARE = HASH.then(TREE).then(Script.of(Manifests.class, "compare.sh"));
    private static final Script SETTLE = HASH.then(TREE).then(BRIEF).then(Script.of(Manifests.class, "settle.sh"));
    private static final Duration LIMIT = Duration.ofMinutes(30);

    /** What a manifest may unpack to: far more than any application has. */
    private static final int MAX_BYTES = 256 * 1024 * 1024;

    private Manifests() {}

    /**
     * What is known of a release.
     *
     * @param release its name
     * @param digest the SHA-256 of its manifest as the host has it now
     * @param entries what it held when it was put there; of hashes maybe only the first digits; empty when the manifest
     *     makes no sense
     */
    public record Known(String release, String digest, Optional<Map<String, ManifestEntry>> entries) {}

    /**
     * Reads the manifest of the current release, briefly, unless it is in the cache.
     *
     * @param host where
     * @param deployPath absolute directory there
     * @param cache manifests that need not be read
     * @return what is known; empty when there is no current release or no manifest of it
     */
    public static Optional<Known> current(Host host, String deployPath, ManifestCache cache) {
        return fetch(host, deployPath, "", Manifest.BRIEF_HASH, cache);
    }

    /**
     * Reads the manifest of a release, briefly, unless it is in the cache.
     *
     * @param host where
     * @param deployPath absolute directory there
     * @param release the release
     * @param cache manifests that need not be read
     * @return what is known; empty when there is no manifest of it
     */
    public static Optional<Known> brief(Host host, String deployPath, String release, ManifestCache cache) {
        return fetch(host, deployPath, release, Manifest.BRIEF_HASH, cache);
    }

    /**
     * Reads the whole manifest of a release.
     *
     * @param host where
     * @param deployPath absolute directory there
     * @param release the release
     * @return what is known; empty when there is no manifest of it
     */
    public static Optional<Known> whole(Host host, String deployPath, String release) {
        return fetch(host, deployPath, release, 0, null);
    }

    private static Optional<Known> fetch(
            Host host, String deployPath, String release, int digits, ManifestCache cache) {
        List<String> arguments = new ArrayList<>(List.of(deployPath, release, Integer.toString(digits)));
        if (cache != null) {
            arguments.addAll(cache.digests());
        }
        ScriptResult result = host.run(FETCH, arguments);
        byte[] output = result.output();
        int end = 0;
        while (end < output.length && output[end] != '\n') {
            end++;
        }
        String[] head = new String(output, 0, end, StandardCharsets.UTF_8).split(" ");
        if (!result.ok() || head.length != 2) {
            return Optional.empty();
        }
        String digest = head[1];
        if (cache != null && end + 1 >= output.length) {
            return Optional.of(new Known(head[0], digest, cache.get(digest).flatMap(Manifest::entries)));
        }
        try (GZIPInputStream in =
                new GZIPInputStream(new ByteArrayInputStream(output, end + 1, output.length - end - 1))) {
            byte[] text = in.readNBytes(MAX_BYTES);
            Optional<Map<String, ManifestEntry>> entries = Manifest.entries(text);
            if (cache != null && entries.isPresent()) {
                cache.put(digest, text);
            }
            return Optional.of(new Known(head[0], digest, entries));
        } catch (IOException e) {
            return Optional.of(new Known(head[0], digest, Optional.empty()));
        }
    }

    /**
     * Finds out what of a release is not as its manifest says, without touching it. File contents are read only where
     * size, times or inode show that they may have changed.
     *
     * @param host where
     * @param deployPath absolute directory there
     * @param release the release
     * @param known its whole manifest's entries
     * @return what is gone or different
     */
    public static List<ManifestEntry> changed(
            Host host, String deployPath, String release, Map<String, ManifestEntry> known) {
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
            ManifestEntry entry = known.get(paths.get(i));
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
                .map(path -> known.get(path))
                .filter(Objects::nonNull)
                .toList();
    }

    /**
     * Has the host empty its trash and renew what it knows of the current release's files, without waiting for it.
     *
     * @param host where
     * @param deployPath absolute directory there
     * @param current the release that is current
     * @param warm whether to leave a clone of it for the next release to start from
     */
    public static void settle(Host host, String deployPath, String current, boolean warm) {
        host.run(SETTLE, List.of(deployPath, current, warm ? "1" : "0", Integer.toString(Manifest.BRIEF_HASH)));
    }
}
