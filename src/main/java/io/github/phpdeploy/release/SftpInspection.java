package io.github.phpdeploy.release;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.phpdeploy.host.RemoteFile;
import io.github.phpdeploy.host.RemoteFileException;
import io.github.phpdeploy.host.RemoteFiles;

/** Looks at a deploy path as {@code inspect.sh} does, and says the same. */
final class SftpInspection {

    private static final String OUR_NAMES = "[A-Za-z0-9._-]+";

    private final RemoteFiles files;
    private final String path;

    SftpInspection(RemoteFiles files, String path) {
        this.files = files;
        this.path = path;
    }

    /**
     * Looks.
     *
     * @param now the host's clock, where it is known; else this machine's has to do
     */
    SiteState look(Optional<Long> now) throws RemoteFileException {
        String releases = path + "/releases";
        String records = path + "/.php-deploy/releases";
        String staging = path + "/.php-deploy/staging";
        List<String> lines = new ArrayList<>();
        RemoteFiles.Reply<RemoteFile> current = files.look(path + "/current");
        RemoteFiles.Reply<String> link = files.readLink(path + "/current");
        RemoteFiles.Reply<RemoteFiles.Space> space = files.can(RemoteFiles.Ability.SPACE) ? files.space(path) : null;
        Map<String, List<RemoteFile>> listed = files.list(List.of(releases, records, staging));

        Optional<RemoteFile> there = current.ifThere();
        if (there.isEmpty()) {
            lines.add("current none");
        } else if (there.get().kind() == RemoteFile.Kind.LINK) {
            lines.add("current link " + link.get().lines().findFirst().orElse(""));
        } else {
            lines.add("current other");
        }
        directories(listed.get(releases)).forEach(name -> lines.add("release " + name));
        directories(listed.get(staging)).forEach(name -> lines.add("staging " + name));
        List<String> paths = listed.getOrDefault(records, List.of()).stream()
                .filter(file ->
                        file.kind() == RemoteFile.Kind.FILE && file.name().endsWith(".json"))
                .map(file -> records + "/" + file.name())
                .toList();
        for (byte[] content : files.read(paths).values()) {
            new String(content, StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .ifPresent(line -> lines.add("record " + line));
        }
        lines.add("time " + now.orElse(Instant.now().getEpochSecond()));
        Optional<RemoteFiles.Space> free = free(space);
        if (free.isPresent()) {
            lines.add("free " + free.get().kibibytes());
            lines.add("inodes " + free.get().inodes());
        }
        return SiteState.parse(lines);
    }

    private static List<String> directories(List<RemoteFile> files) {
        return files == null
                ? List.of()
                : files.stream()
                        .filter(file -> file.isDirectory() && file.name().matches(OUR_NAMES))
                        .map(RemoteFile::name)
                        .toList();
    }

    /** Free space is good to know, and nothing fails for not knowing it. */
    private Optional<RemoteFiles.Space> free(RemoteFiles.Reply<RemoteFiles.Space> space) {
        if (space == null) {
            return Optional.empty();
        }
        try {
            return space.ifThere();
        } catch (RemoteFileException e) {
            return Optional.empty();
        }
    }
}
