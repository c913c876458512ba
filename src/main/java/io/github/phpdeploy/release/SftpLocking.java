package io.github.phpdeploy.release;

import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.RemoteFile;
import io.github.phpdeploy.host.RemoteFileException;
import io.github.phpdeploy.host.RemoteFiles;
import io.github.phpdeploy.host.RemoteTrees;

/**
 * Takes the lock of a deploy path by files alone. Everybody claims first and looks then: of two who come at the same time at
 * least one sees the other, and both step back and try again after a while of their own.
 */
final class SftpLocking {

    /** How often to step back for somebody who may be stepping back as well. */
    private static final int TRIES = 4;

    private static final int PAUSE_MILLIS = 200;

    private final SftpSite site;
    private final RemoteFiles files;
    private final SftpTimes times;
    private final SiteFaults faults;
    private final String meta;
    private final SftpClaims claims;
    private SftpLock taken;

    SftpLocking(SftpSite site, RemoteFiles files, SftpTimes times) {
        this.site = site;
        this.files = files;
        this.times = times;
        this.faults = new SiteFaults(site);
        this.meta = site.path() + "/.php-deploy";
        this.claims = new SftpClaims(files, meta, times.stale());
    }

    SiteLock lock(LockHolder holder, Duration wait, Consumer<LockHolder> waiting) {
        try {
            begin();
            long end = System.nanoTime() + wait.toNanos();
            boolean told = false;
            for (int tries = 1; ; tries++) {
                Optional<LockHolder> other = attempt(holder);
                if (other.isEmpty()) {
                    return taken;
                }
                if (tries >= TRIES && System.nanoTime() >= end) {
                    throw faults.locked(other, wait);
                }
                if (tries >= TRIES && !told) {
                    told = true;
                    waiting.accept(other.get());
                }
                pause();
            }
        } catch (RemoteFileException e) {
            if (e.reason() == RemoteFileException.Reason.DENIED) {
                throw notWritable(e);
            }
            throw e.explained("the deploy path " + site.path() + " cannot be used", site.host());
        }
    }

    /** Tries once: who else has it, or nobody when it is taken now. */
    private Optional<LockHolder> attempt(LockHolder holder) throws RemoteFileException {
        long begin = System.nanoTime();
        long now = claims.claim(holder);
        try {
            SftpClaims.Claims others = claims.others(holder.token(), now);
            if (!others.living().isEmpty()) {
                return others.living().values().stream().findFirst();
            }
            claims.clear(others);
            SiteState state = new SftpInspection(files, site.path()).look(Optional.of(now));
            Optional<LockHolder> left = Stream.concat(
                            others.dead().values().stream(), Stream.ofNullable(others.shellLeft()))
                    .findFirst();
            taken = new SftpLock(claims, holder, state, left, times, begin);
            return Optional.empty();
        } finally {
            if (taken == null) {
                claims.withdraw(holder.token());
            }
        }
    }

    private void begin() throws RemoteFileException {
        Optional<RemoteFile> current = files.look(site.path() + "/current").ifThere();
        if (current.isPresent() && current.get().kind() != RemoteFile.Kind.LINK) {
            throw site.occupied();
        }
        new RemoteTrees(files).make(meta, 0700);
        claims.makeDirectory();
    }

    private PhpDeployException notWritable(RemoteFileException e) {
        return new PhpDeployException(
                "the deploy path " + site.path() + " cannot be used on "
                        + site.host().name() + ": " + e.getMessage(),
                "have it made there as a directory that belongs to the account, or deploy to another php.deployPath; mind"
                        + " that an account that is shut into a directory sees that one as /");
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(
                    PAUSE_MILLIS + ThreadLocalRandom.current().nextInt(PAUSE_MILLIS * 2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PhpDeployException("waiting for the lock was interrupted", "run the build again", e);
        }
    }

    Optional<LockHolder> unlock(boolean force) {
        try {
            byte[] random = new byte[8];
            ThreadLocalRandom.current().nextBytes(random);
            Optional<Long> now = claims.now(HexFormat.of().formatHex(random));
            if (now.isEmpty()) {
                return Optional.empty();
            }
            SftpClaims.Claims others = claims.others("", now.get());
            Optional<LockHolder> holder = others.living().values().stream().findFirst();
            if (force && holder.isPresent()) {
                for (String token : others.living().keySet()) {
                    claims.withdraw(token);
                }
                if (!claims.others("", now.get()).living().isEmpty()) {
                    throw faults.notBroken(
                            holder, "a shell on the host holds it, and no command can be run to end that");
                }
            }
            return holder;
        } catch (RemoteFileException e) {
            throw e.explained("the lock of " + site.path() + " could not be looked at", site.host());
        }
    }
}
