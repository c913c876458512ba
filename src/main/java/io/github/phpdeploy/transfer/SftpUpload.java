package io.github.phpdeploy.transfer;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.host.RemoteFile;
import io.github.phpdeploy.host.RemoteFileException;
import io.github.phpdeploy.host.RemoteFiles;
import io.github.phpdeploy.host.RemoteTrees;

/**
 * Puts one tree on one host by SFTP: what is unchanged becomes another hard link to the base's file, the rest is written, all
 * of it in {@code .php-deploy/staging/<id>}; the whole is listed and held against the manifest, and only then gets its place.
 */
final class SftpUpload implements Uploading {

    /** How often a tree is mended before it is given up. */
    private static final int REPAIRS = 2;

    private final Host host;
    private final RemoteFiles files;
    private final RemoteTrees trees;
    private final String deployPath;
    private final String release;
    private final String meta;
    private final String root;
    private final String from;
    private final SftpTrees where;
    private final CompletableFuture<SftpBase> base;
    private final Map<String, Long> times = new HashMap<>();
    private final long before;
    private int filesSent;
    private long bytesSent;
    private int refused;

    SftpUpload(SftpTrees where, String release, Optional<Base> base) {
        this.host = where.host();
        this.files = where.files();
        this.trees = new RemoteTrees(files);
        this.deployPath = where.deployPath();
        this.release = release;
        this.meta = deployPath + "/.php-deploy";
        this.root = meta + "/staging/" + release + "/tree";
        this.before = files.sent();
        this.from = base.map(Base::release).orElse("");
        this.where = where;
        this.base = CompletableFuture.supplyAsync(
                () -> base.filter(from -> files.can(RemoteFiles.Ability.HARD_LINK))
                        .map(this::look)
                        .orElse(SftpBase.none()),
                task -> {
                    Thread thread = new Thread(task, "php-deploy-look-" + host.name());
                    thread.setDaemon(true);
                    thread.start();
                });
    }

    private SftpBase look(Base known) {
        try {
            return SftpBase.look(files, deployPath, known.release(), known.entries());
        } catch (RemoteFileException e) {
            throw e.explained("release " + known.release() + " could not be looked at", host);
        }
    }

    @Override
    public UploadReport send(LocalTree tree, ChangeSet changes, Instant time, String note, UploadProgress progress) {
        long seconds = time.getEpochSecond();
        try {
            Map<String, ManifestEntry> all = tree.manifest().entries();
            makeDirectories(all.values());
            Map<String, ManifestEntry> write = new LinkedHashMap<>();
            changes.added().forEach(entry -> write.put(entry.path(), entry));
            Map<String, String> renamed = renamed(changes);
            renamed.keySet().forEach(write::remove);
            Collection<ManifestEntry> left = clone(all, write, renamed);
            final int reused = changes.reused() - changes.references().size() + renamed.size();
            left.forEach(entry -> write.put(entry.path(), entry));
            int repaired = left.size() - refused;
            makeLinks(all.values());
            write(tree, write.values(), seconds, progress);
            for (int attempt = 0; ; attempt++) {
                Map<String, ManifestEntry> wrong = wrong(all);
                if (wrong.isEmpty()) {
                    break;
                }
                if (attempt == REPAIRS) {
                    throw differs(wrong.keySet().iterator().next());
                }
                repaired += wrong.size();
                trees.remove(wrong.keySet().stream().map(this::at).toList());
                makeDirectories(wrong.values());
                makeLinks(wrong.values());
                write(tree, wrong.values(), seconds, progress);
            }
            place(tree.manifest(), note);
            int sent = filesSent + links(changes.added());
            return new UploadReport(sent, Math.max(0, reused - repaired - refused), wire(), repaired, cloned(changes));
        } catch (RemoteFileException e) {
            throw e.explained("the new release could not be put together", host);
        } catch (IOException e) {
            throw new PhpDeployException(
                    "a file could not be read while it was sent (" + Printable.line(String.valueOf(e.getMessage()))
                            + ")",
                    "keep what writes to the application quiet during a deploy, then run it again",
                    e);
        }
    }

    /** What is linked from another path: nothing can be read there, so only where the whole hash is known to be the same. */
    private Map<String, String> renamed(ChangeSet changes) {
        if (changes.references().isEmpty()) {
            return Map.of();
        }
        Map<String, String> renamed = new HashMap<>();
        Map<String, ManifestEntry> known =
                where.whole(from).flatMap(Manifests.Known::entries).orElse(Map.of());
        for (ManifestEntry entry : changes.added()) {
            String source = changes.references().get(entry.path());
            if (source != null
                    && known.containsKey(source)
                    && known.get(source).hash().equals(entry.hash())) {
                renamed.put(entry.path(), source);
            }
        }
        return renamed;
    }

    private static int links(Collection<ManifestEntry> entries) {
        return (int) entries.stream().filter(entry -> entry.kind() == Kind.LINK).count();
    }

    private String cloned(ChangeSet changes) {
        return from.isEmpty() || changes.reused() == 0 ? "none" : refused > 0 ? "refused" : "hardlink";
    }

    private long wire() {
        return files.sent() - before;
    }

    private String at(String path) {
        return root + "/" + path;
    }

    /** Those above come first, and are waited for: a host may answer in any order. */
    private void makeDirectories(Collection<ManifestEntry> entries) throws RemoteFileException {
        trees.make(root);
        TreeMap<Long, List<String>> levels = new TreeMap<>();
        for (String path : SftpBase.directories(entries)) {
            long depth = path.chars().filter(c -> c == '/').count();
            levels.computeIfAbsent(depth, level -> new ArrayList<>()).add(path);
        }
        for (List<String> level : levels.values()) {
            RemoteTrees.await(level.stream()
                    .map(path -> files.makeDirectory(at(path), 0755))
                    .toList());
        }
    }

    /** Links what is unchanged to the base's files. What may not be linked, or was touched, is left, and to be sent. */
    private List<ManifestEntry> clone(
            Map<String, ManifestEntry> all, Map<String, ManifestEntry> write, Map<String, String> renamed)
            throws RemoteFileException {
        SftpBase untouched = await(base);
        List<ManifestEntry> left = new ArrayList<>();
        Map<ManifestEntry, RemoteFiles.Reply<Void>> links = new LinkedHashMap<>();
        for (ManifestEntry entry : all.values()) {
            if (entry.kind() != Kind.FILE || write.containsKey(entry.path())) {
                continue;
            }
            String source = renamed.getOrDefault(entry.path(), entry.path());
            Optional<Long> time = untouched.untouched(source);
            if (time.isEmpty()) {
                left.add(entry);
                continue;
            }
            times.put(entry.path(), time.get());
            links.put(entry, files.hardLink(deployPath + "/releases/" + from + "/" + source, at(entry.path())));
        }
        if (!files.can(RemoteFiles.Ability.HARD_LINK)) {
            refused = left.size();
        }
        for (Map.Entry<ManifestEntry, RemoteFiles.Reply<Void>> link : links.entrySet()) {
            try {
                link.getValue().get();
            } catch (RemoteFileException e) {
                refused += e.reason() == RemoteFileException.Reason.MISSING ? 0 : 1;
                left.add(link.getKey());
            }
        }
        return left;
    }

    private static <T> T await(CompletableFuture<T> work) {
        try {
            return work.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof PhpDeployException failed ? failed : e;
        }
    }

    private void makeLinks(Collection<ManifestEntry> entries) throws RemoteFileException {
        RemoteTrees.await(entries.stream()
                .filter(entry -> entry.kind() == Kind.LINK)
                .map(entry -> files.symbolicLink(entry.target(), at(entry.path())))
                .toList());
    }

    private void write(LocalTree tree, Collection<ManifestEntry> entries, long time, UploadProgress progress)
            throws IOException {
        Map<String, ManifestEntry> byPath = new HashMap<>();
        List<RemoteFiles.NewFile> news = new ArrayList<>();
        for (ManifestEntry entry : entries) {
            if (entry.kind() == Kind.FILE) {
                byPath.put(at(entry.path()), entry);
                news.add(new RemoteFiles.NewFile(
                        at(entry.path()),
                        RemoteFiles.Opening.NEW,
                        entry.executable() ? 0755 : 0644,
                        OptionalLong.of(time),
                        () -> new CheckedContent(tree.sources().get(entry.path()), entry.hash())));
            }
        }
        files.write(news, (file, failure) -> {
            if (failure != null) {
                throw failure;
            }
            ManifestEntry entry = byPath.get(file.path());
            times.put(entry.path(), time);
            filesSent++;
            bytesSent += entry.size();
            progress.sent(filesSent, bytesSent, wire());
        });
    }

    /** What of the new tree is not as its manifest says, or not as it was when it was linked. */
    private Map<String, ManifestEntry> wrong(Map<String, ManifestEntry> all) throws RemoteFileException {
        Map<String, RemoteFile> found = trees.walk(root, SftpBase.directories(all.values()));
        Map<String, String> targets = SftpBase.targets(files, root, found);
        Map<String, ManifestEntry> wrong = new LinkedHashMap<>();
        List<RemoteFiles.Reply<Void>> modes = new ArrayList<>();
        for (ManifestEntry entry : all.values()) {
            RemoteFile is = found.remove(entry.path());
            boolean same = is != null
                    && switch (entry.kind()) {
                        case DIRECTORY -> is.isDirectory();
                        case LINK -> entry.target().equals(targets.get(entry.path()));
                        case FILE ->
                            is.kind() == RemoteFile.Kind.FILE
                                    && is.size() == entry.size()
                                    && is.isExecutable() == entry.executable()
                                    && Long.valueOf(is.mtime()).equals(times.get(entry.path()));
                    };
            if (!same) {
                wrong.put(entry.path(), entry);
            } else if (is.isDirectory() && (is.mode() & 0777) != 0755) {
                // the server's umask may be narrower than what a web server needs
                modes.add(files.setMode(at(entry.path()), is.mode() & ~0777 | 0755));
            }
        }
        RemoteTrees.await(modes);
        if (!found.isEmpty()) {
            throw differs(found.keySet().iterator().next());
        }
        return wrong;
    }

    private PhpDeployException differs(String path) {
        return new PhpDeployException(
                "the new release on " + host.name() + " does not become what its manifest says, first at "
                        + Printable.line(path),
                "check the file system of " + host.name()
                        + " (does it tell upper from lower case?) and what else writes there");
    }

    /** What is known of the release comes first, the release itself last: where it is, all is. */
    private void place(Manifest manifest, String note) throws RemoteFileException {
        trees.make(deployPath + "/releases");
        trees.make(meta + "/manifests");
        trees.make(meta + "/releases");
        if (files.look(deployPath + "/releases/" + release).ifThere().isPresent()) {
            throw new PhpDeployException(
                    "release " + release + " exists on " + host.name() + " already",
                    "choose another with -Dphp.release");
        }
        String manifests = meta + "/manifests/" + release;
        trees.write(meta + "/releases/" + release + ".json", note + "\n", RemoteFiles.Opening.ANEW, 0600);
        trees.write(
                manifests,
                new String(manifest.bytes(), java.nio.charset.StandardCharsets.UTF_8),
                RemoteFiles.Opening.ANEW,
                0644);
        trees.write(manifests + ".times", FileTimes.text(manifest, times), RemoteFiles.Opening.ANEW, 0644);
        files.rename(root, deployPath + "/releases/" + release).get();
        trees.remove(List.of(meta + "/staging/" + release));
    }

    @Override
    public void close() {
        try {
            base.join();
        } catch (CompletionException ignored) {
            // it is told by whoever needs it
        }
    }
}
