package io.github.phpdeploy.transfer;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.phpdeploy.host.RemoteFile;
import io.github.phpdeploy.host.RemoteFileException;
import io.github.phpdeploy.host.RemoteFiles;
import io.github.phpdeploy.host.RemoteTrees;

/**
 * What a release looks like on its host, beside what it looked like when it was put there. Contents cannot be read there
 * without fetching them: a file counts as untouched when size, executable bit and modification time are what they were.
 */
final class SftpBase {

    private final Map<String, ManifestEntry> entries;
    private final Map<String, Long> times;
    private final Map<String, RemoteFile> found;

    private SftpBase(Map<String, ManifestEntry> entries, Map<String, Long> times, Map<String, RemoteFile> found) {
        this.entries = entries;
        this.times = times;
        this.found = found;
    }

    /** Nothing to start from. */
    static SftpBase none() {
        return new SftpBase(Map.of(), Map.of(), Map.of());
    }

    static SftpBase look(RemoteFiles files, String deployPath, String release, Map<String, ManifestEntry> entries)
            throws RemoteFileException {
        Map<String, RemoteFile> found =
                new RemoteTrees(files).walk(deployPath + "/releases/" + release, directories(entries.values()));
        return new SftpBase(entries, times(files, deployPath + "/.php-deploy/manifests/" + release, entries), found);
    }

    static List<String> directories(Iterable<ManifestEntry> entries) {
        List<String> directories = new java.util.ArrayList<>();
        for (ManifestEntry entry : entries) {
            if (entry.kind() == Kind.DIRECTORY) {
                directories.add(entry.path());
            }
        }
        return directories;
    }

    private static Map<String, Long> times(RemoteFiles files, String manifest, Map<String, ManifestEntry> entries)
            throws RemoteFileException {
        byte[] times = files.read(List.of(manifest + ".times")).get(manifest + ".times");
        Optional<Map<String, Long>> ours = Optional.ofNullable(times).flatMap(bytes -> FileTimes.parse(bytes, entries));
        if (ours.isPresent()) {
            return ours.get();
        }
        byte[] index = files.read(List.of(manifest + ".stat")).get(manifest + ".stat");
        return index == null ? Map.of() : FileTimes.ofIndex(index);
    }

    /** The time of a file that is as it was when it was put there; empty when it is not, or nobody knows. */
    Optional<Long> untouched(String path) {
        ManifestEntry entry = entries.get(path);
        RemoteFile is = found.get(path);
        Long time = times.get(path);
        boolean same = entry != null
                && entry.kind() == Kind.FILE
                && !entry.isOdd()
                && is != null
                && is.kind() == RemoteFile.Kind.FILE
                && is.size() == entry.size()
                && is.isExecutable() == entry.executable()
                && time != null
                && is.mtime() == time;
        return same ? Optional.of(time) : Optional.empty();
    }

    /** What is gone or may have been touched, links by their targets. */
    Map<String, ManifestEntry> touched(Map<String, String> targets) {
        Map<String, ManifestEntry> touched = new LinkedHashMap<>();
        entries.forEach((path, entry) -> {
            RemoteFile is = found.get(path);
            boolean same = switch (entry.kind()) {
                case FILE -> untouched(path).isPresent();
                case DIRECTORY -> is != null && is.isDirectory();
                case LINK -> entry.target().equals(targets.get(path));
            };
            if (!same) {
                touched.put(path, entry);
            }
        });
        return touched;
    }

    /** What the links of a tree point to. */
    static Map<String, String> targets(RemoteFiles files, String root, Map<String, RemoteFile> found)
            throws RemoteFileException {
        Map<String, RemoteFiles.Reply<String>> replies = new LinkedHashMap<>();
        found.forEach((path, file) -> {
            if (file.kind() == RemoteFile.Kind.LINK) {
                replies.put(path, files.readLink(root + "/" + path));
            }
        });
        Map<String, String> targets = new HashMap<>();
        for (Map.Entry<String, RemoteFiles.Reply<String>> reply : replies.entrySet()) {
            reply.getValue().ifThere().ifPresent(target -> targets.put(reply.getKey(), target));
        }
        return targets;
    }

    Map<String, RemoteFile> found() {
        return found;
    }
}
