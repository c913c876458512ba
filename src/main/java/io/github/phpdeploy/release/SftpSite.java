package io.github.phpdeploy.release;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.RemoteFile;
import io.github.phpdeploy.host.RemoteFileException;
import io.github.phpdeploy.host.RemoteFiles;
import io.github.phpdeploy.host.RemoteTrees;

/** A deploy path on a host that runs nothing for us: all is done to its files. */
public final class SftpSite implements Site {

    /** What a line of the journal takes at most, as a rule. */
    private static final int JOURNAL_LINE = 2048;

    private final Host host;
    private final RemoteFiles files;
    private final RemoteTrees trees;
    private final String path;
    private final String meta;
    private final SftpTimes times;
    private final SiteFaults faults;

    /**
     * A deploy path.
     *
     * @param host where
     * @param files that host's files
     * @param path absolute directory on that host
     */
    public SftpSite(Host host, RemoteFiles files, String path) {
        this(host, files, path, SftpTimes.STANDARD);
    }

    SftpSite(Host host, RemoteFiles files, String path, SftpTimes times) {
        this.host = host;
        this.files = files;
        this.trees = new RemoteTrees(files);
        this.path = path;
        this.meta = path + "/.php-deploy";
        this.times = times;
        this.faults = new SiteFaults(this);
    }

    @Override
    public Host host() {
        return host;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public SiteState inspect() {
        try {
            return new SftpInspection(files, path).look(Optional.empty());
        } catch (RemoteFileException e) {
            throw e.explained("the deploy path " + path + " could not be looked at", host);
        }
    }

    @Override
    public SiteLock lock(LockHolder holder, Duration wait, Consumer<LockHolder> waiting) {
        if (!files.can(RemoteFiles.Ability.REPLACE)) {
            throw new PhpDeployException(
                    "the SFTP server of " + host.name()
                            + " cannot replace a link in one step (it has no posix-rename@openssh.com)",
                    "let the account run commands there, or deploy to a host with OpenSSH's SFTP server");
        }
        return new SftpLocking(this, files, times).lock(holder, wait, waiting);
    }

    /**
     * Goes on only while the lock is held.
     *
     * @param lock the lock
     * @throws PhpDeployException when it is lost
     */
    public void guard(SiteLock lock) {
        try {
            if (!((SftpLock) lock).isHeld()) {
                throw faults.lockLost();
            }
        } catch (RemoteFileException e) {
            throw e.explained("the lock of " + path + " could not be kept", host);
        }
    }

    @Override
    public void activate(
            SiteLock lock, Optional<String> target, Optional<String> expected, Optional<ReleaseRecord> record) {
        guard(lock);
        String current = path + "/current";
        try {
            Optional<RemoteFile> there = files.look(current).ifThere();
            if (there.isPresent() && there.get().kind() != RemoteFile.Kind.LINK) {
                throw occupied();
            }
            Optional<String> now = files.readLink(current).ifThere();
            if (!now.equals(expected)) {
                throw faults.moved(now.orElse(""), expected);
            }
            if (record.isPresent()) {
                remember(lock, record.get());
            }
            if (target.isEmpty()) {
                files.remove(current).ifThere();
                return;
            }
            if (files.follow(path + "/" + target.get())
                    .ifThere()
                    .filter(RemoteFile::isDirectory)
                    .isEmpty()) {
                throw faults.noRelease(target.get());
            }
            String next = current + "." + ((SftpLock) lock).token();
            files.remove(next).ifThere();
            files.symbolicLink(target.get(), next).get();
            // looked at before it counts: not all servers agree on which of the two comes first
            if (!files.readLink(next).get().equals(target.get())) {
                throw new RemoteFileException(next, RemoteFileException.Reason.FAILED, "is not the link that was made");
            }
            files.replace(next, current).get();
        } catch (RemoteFileException e) {
            throw e.explained(current + " could not be switched", host);
        }
    }

    private void remember(SiteLock lock, ReleaseRecord record) throws RemoteFileException {
        trees.make(meta + "/releases");
        trees.put(meta + "/releases/" + record.id() + ".json", record.json() + "\n", ((SftpLock) lock).token());
    }

    /**
     * Writes down what to remember of a release.
     *
     * @param lock the lock
     * @param record what to remember
     */
    public void mark(SiteLock lock, ReleaseRecord record) {
        guard(lock);
        try {
            remember(lock, record);
        } catch (RemoteFileException e) {
            throw e.explained("what is known of release " + record.id() + " could not be written down", host);
        }
    }

    @Override
    public Removal conclude(
            SiteLock lock, List<ReleaseRecord> records, Optional<JournalEntry> entry, List<String> outdated) {
        guard(lock);
        try {
            // uploads that were left go first, and at once: they may be what fills the disk
            trees.remove(outdated.stream().map(id -> meta + "/staging/" + id).toList());
            for (ReleaseRecord record : records) {
                remember(lock, record);
            }
            if (entry.isPresent()) {
                trees.write(meta + "/journal.jsonl", entry.get().json() + "\n", RemoteFiles.Opening.APPEND, 0600);
            }
        } catch (RemoteFileException e) {
            throw e.explained("the journal in " + path + " could not be written", host);
        }
        try {
            for (String id : outdated) {
                discard(id, ((SftpLock) lock).token());
            }
        } catch (RemoteFileException e) {
            throw e.explained("outdated releases in " + path + " could not be removed", host);
        }
        return new Removal(outdated, Map.of());
    }

    /** Out of sight in one step; the trash is emptied later. */
    private void discard(String id, String token) throws RemoteFileException {
        String release = path + "/releases/" + id;
        if (files.look(release).ifThere().filter(RemoteFile::isDirectory).isPresent()) {
            try {
                trees.make(meta + "/trash");
                files.rename(release, meta + "/trash/" + id + "." + token).get();
            } catch (RemoteFileException noRoom) {
                trees.remove(List.of(release));
            }
        }
        RemoteTrees.await(List.of(
                files.remove(meta + "/releases/" + id + ".json"),
                files.remove(meta + "/manifests/" + id),
                files.remove(meta + "/manifests/" + id + ".stat"),
                files.remove(meta + "/manifests/" + id + ".times"),
                files.remove(meta + "/manifests/" + id + ".brief")));
    }

    @Override
    public List<JournalEntry> journal(int limit) {
        try {
            Optional<byte[]> end = files.readEnd(meta + "/journal.jsonl", (limit + 32L) * JOURNAL_LINE);
            List<String> lines = new String(end.orElse(new byte[0]), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            List<JournalEntry> entries = new ArrayList<>();
            lines.subList(Math.max(0, lines.size() - limit), lines.size())
                    .forEach(line -> JournalEntry.parse(line).ifPresent(entries::add));
            Collections.reverse(entries);
            return entries;
        } catch (RemoteFileException e) {
            throw e.explained("the journal in " + path + " could not be read", host);
        }
    }

    @Override
    public Optional<LockHolder> unlock(boolean force) {
        return new SftpLocking(this, files, times).unlock(force);
    }
}
