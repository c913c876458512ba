package io.github.phpdeploy.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.RemoteFile;
import io.github.phpdeploy.host.RemoteFileException;
import io.github.phpdeploy.host.RemoteFiles;
import io.github.phpdeploy.host.RemoteTrees;

/**
 * Trees on a host that cannot unpack a stream: each file is sent by itself, many at a time.
 *
 * @param host where
 * @param files that host's files
 * @param deployPath absolute directory there
 */
public record SftpTrees(Host host, RemoteFiles files, String deployPath) implements ReleaseTrees {

    private String manifest(String release) {
        return deployPath + "/.php-deploy/manifests/" + release;
    }

    @Override
    public Optional<Manifests.Known> current(ManifestCache cache) {
        try {
            return files.readLink(deployPath + "/current")
                    .ifThere()
                    .map(link -> link.substring(link.lastIndexOf('/') + 1))
                    .filter(release -> !release.isEmpty())
                    .flatMap(release -> brief(release, cache));
        } catch (RemoteFileException notALink) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<Manifests.Known> brief(String release, ManifestCache cache) {
        try {
            String times = manifest(release) + ".times";
            return Optional.ofNullable(files.read(List.of(times)).get(times))
                    .flatMap(FileTimes::digest)
                    .flatMap(digest -> cache.get(digest)
                            .map(known -> new Manifests.Known(release, digest, Manifest.entries(known)))
                            .filter(SftpTrees::tellsSizes))
                    .or(() -> whole(release));
        } catch (RemoteFileException e) {
            throw unreadable(release, e);
        }
    }

    /** Whether files can be told by their sizes: not where a script has fetched less. */
    private static boolean tellsSizes(Manifests.Known known) {
        return known.entries().stream()
                .flatMap(entries -> entries.values().stream())
                .noneMatch(entry -> entry.size() == ManifestEntry.UNKNOWN);
    }

    @Override
    public Optional<Manifests.Known> whole(String release) {
        try {
            return Optional.ofNullable(files.read(List.of(manifest(release))).get(manifest(release)))
                    .map(bytes -> new Manifests.Known(
                            release,
                            HexFormat.of().formatHex(Manifest.sha256().digest(bytes)),
                            Manifest.entries(bytes)));
        } catch (RemoteFileException e) {
            throw unreadable(release, e);
        }
    }

    private PhpDeployException unreadable(String release, RemoteFileException e) {
        return e.explained("the manifest of release " + release + " could not be read", host);
    }

    @Override
    public List<ManifestEntry> changed(String release, Map<String, ManifestEntry> known) {
        try {
            SftpBase base = SftpBase.look(files, deployPath, release, known);
            String root = deployPath + "/releases/" + release;
            return List.copyOf(
                    base.touched(SftpBase.targets(files, root, base.found())).values());
        } catch (RemoteFileException e) {
            throw e.explained("release " + release + " could not be looked at", host);
        }
    }

    @Override
    public Uploading begin(String release, Optional<Base> base, HostTools tools) {
        return new SftpUpload(this, release, base);
    }

    /** Nothing is run. */
    @Override
    public HostTools tools(Set<String> programs) {
        return HostTools.NONE;
    }

    @Override
    public void plant(String directory, List<Seed.Item> items) {
        String root = deployPath + "/" + directory;
        RemoteTrees trees = new RemoteTrees(files);
        try {
            Map<Seed.Item, RemoteFiles.Reply<RemoteFile>> looks = new LinkedHashMap<>();
            items.forEach(
                    item -> looks.put(item, files.look(root + "/" + item.file().path())));
            List<RemoteFiles.NewFile> missing = new ArrayList<>();
            TreeSet<String> directories = new TreeSet<>();
            List<TreeFile> links = new ArrayList<>();
            for (Map.Entry<Seed.Item, RemoteFiles.Reply<RemoteFile>> look : looks.entrySet()) {
                TreeFile file = look.getKey().file();
                if (look.getValue().ifThere().isPresent()) {
                    continue;
                }
                String path = root + "/" + file.path();
                directories.add(file.kind() == Kind.DIRECTORY ? path : path.substring(0, path.lastIndexOf('/')));
                if (file.kind() == Kind.LINK) {
                    links.add(file);
                } else if (file.kind() == Kind.FILE) {
                    int mode = look.getKey().secret() ? 0600 : file.executable() ? 0755 : 0644;
                    missing.add(new RemoteFiles.NewFile(
                            path,
                            RemoteFiles.Opening.NEW,
                            mode,
                            OptionalLong.empty(),
                            () -> Files.newInputStream(file.source())));
                }
            }
            for (String path : directories) {
                trees.make(path);
            }
            for (TreeFile link : links) {
                files.symbolicLink(link.target(), root + "/" + link.path()).get();
            }
            files.write(missing, (file, failure) -> {
                if (failure != null) {
                    throw failure;
                }
            });
        } catch (RemoteFileException e) {
            throw e.explained("shared files could not be made in " + root, host);
        } catch (IOException e) {
            throw new PhpDeployException(
                    "a file that is to be shared cannot be read",
                    "make it readable for the user that runs the build",
                    e);
        }
    }

    /** What is in the trash goes now: nothing can go on there when we have left. */
    @Override
    public void settle(String current, boolean warm) {
        try {
            new RemoteTrees(files).remove(List.of(deployPath + "/.php-deploy/trash", deployPath + "/.php-deploy/warm"));
        } catch (RemoteFileException e) {
            throw e.explained("what is outdated could not be removed from " + deployPath + "/.php-deploy", host);
        }
    }
}
