package io.github.phpdeploy.release;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.phpdeploy.host.RemoteFile;
import io.github.phpdeploy.host.RemoteFileException;
import io.github.phpdeploy.host.RemoteFiles;
import io.github.phpdeploy.host.RemoteTrees;

/**
 * Who claims the lock of a deploy path where no process can hold it: one file each in {@code .php-deploy/locks}, named after
 * the claim's token and written anew every few seconds. A claim is alive as long as its file was written lately, by the host's
 * clock. Names are never used twice, so that whoever removes a dead claim cannot hit a living one.
 *
 * <p>Shells lock by flock(2) instead, which cannot be seen from here; they write {@code .php-deploy/alive} as often.
 */
final class SftpClaims {

    private final RemoteFiles files;
    private final RemoteTrees trees;
    private final String meta;
    private final String directory;
    private final Duration stale;

    SftpClaims(RemoteFiles files, String meta, Duration stale) {
        this.files = files;
        this.trees = new RemoteTrees(files);
        this.meta = meta;
        this.directory = meta + "/locks";
        this.stale = stale;
    }

    /**
     * Who is there.
     *
     * @param living claims of others that are alive, by their tokens; of a shell's by its own
     * @param dead claims of others that are not
     * @param shellLeft who had the shells' lock and did not give it back; null for nobody
     */
    record Claims(Map<String, LockHolder> living, Map<String, LockHolder> dead, LockHolder shellLeft) {}

    String path(String token) {
        return directory + "/" + token;
    }

    void makeDirectory() throws RemoteFileException {
        trees.make(directory);
    }

    /** Claims the lock; others see it from now on. */
    long claim(LockHolder holder) throws RemoteFileException {
        trees.write(path(holder.token()), holder.json() + "\n", RemoteFiles.Opening.NEW, 0600);
        return files.look(path(holder.token())).get().mtime();
    }

    /** Shows that a claim is alive; it is missing when somebody has taken it away. */
    void renew(LockHolder holder) throws RemoteFileException {
        trees.write(path(holder.token()), holder.json() + "\n", RemoteFiles.Opening.EXISTING, 0600);
    }

    void withdraw(String token) throws RemoteFileException {
        files.remove(path(token)).ifThere();
    }

    /** The host's clock: what it says of a file that was just written. Empty where there is nothing to lock yet. */
    Optional<Long> now(String token) throws RemoteFileException {
        String probe = meta + "/now." + token;
        try {
            trees.write(probe, "", RemoteFiles.Opening.ANEW, 0600);
            long now = files.look(probe).get().mtime();
            files.remove(probe).ifThere();
            return Optional.of(now);
        } catch (RemoteFileException e) {
            if (e.reason() == RemoteFileException.Reason.MISSING) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Looks who is there but for the one who asks. */
    Claims others(String token, long now) throws RemoteFileException {
        RemoteFiles.Reply<RemoteFile> alive = files.look(meta + "/alive");
        RemoteFiles.Reply<RemoteFile> shell = files.look(meta + "/lock");
        Map<String, RemoteFile> found = new LinkedHashMap<>();
        for (RemoteFile file : files.list(List.of(directory)).getOrDefault(directory, List.of())) {
            if (!file.name().equals(token) && file.name().matches("[A-Za-z0-9]+")) {
                found.put(file.name(), file);
            }
        }
        List<String> paths = new ArrayList<>();
        found.keySet().forEach(name -> paths.add(path(name)));
        boolean shellLocked = shell.ifThere().filter(file -> file.size() > 0).isPresent();
        if (shellLocked) {
            paths.add(meta + "/lock");
        }
        Map<String, byte[]> contents = files.read(paths);
        Map<String, LockHolder> living = new LinkedHashMap<>();
        Map<String, LockHolder> dead = new LinkedHashMap<>();
        found.forEach((name, file) -> {
            LockHolder holder = holder(contents.get(path(name)));
            (isAlive(file, now) ? living : dead).put(name, holder);
        });
        LockHolder left = null;
        if (shellLocked && contents.containsKey(meta + "/lock")) {
            LockHolder holder = holder(contents.get(meta + "/lock"));
            if (alive.ifThere().filter(file -> isAlive(file, now)).isPresent()) {
                living.put(holder.token(), holder);
            } else {
                left = holder;
            }
        }
        return new Claims(living, dead, left);
    }

    private boolean isAlive(RemoteFile file, long now) {
        return now - file.mtime() < stale.toSeconds();
    }

    private static LockHolder holder(byte[] content) {
        String text = content == null ? "" : new String(content, StandardCharsets.UTF_8);
        return LockHolder.parse(text.lines().findFirst().orElse(""));
    }

    /** Removes claims that are dead. */
    void clear(Claims claims) throws RemoteFileException {
        RemoteTrees.await(claims.dead().keySet().stream()
                .map(token -> files.remove(path(token)))
                .toList());
        if (claims.shellLeft() != null) {
            trees.write(meta + "/lock", "", RemoteFiles.Opening.ANEW, 0600);
        }
    }
}
