package io.github.phpdeploy.release;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.RemoteFileException;

/** The lock of a deploy path, held by a claim that is renewed every few seconds for as long as this object lives. */
final class SftpLock implements SiteLock {

    private final SftpClaims claims;
    private final LockHolder holder;
    private final SiteState state;
    private final Optional<LockHolder> leftBehind;
    private final SftpTimes times;
    private final ScheduledExecutorService heart;
    private long renewed;

    SftpLock(
            SftpClaims claims,
            LockHolder holder,
            SiteState state,
            Optional<LockHolder> leftBehind,
            SftpTimes times,
            long renewed) {
        this.claims = claims;
        this.holder = holder;
        this.state = state;
        this.leftBehind = leftBehind;
        this.times = times;
        this.renewed = renewed;
        this.heart = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "php-deploy-lock-" + holder.token());
            thread.setDaemon(true);
            return thread;
        });
        long beat = times.beat().toMillis();
        heart.scheduleAtFixedRate(this::beat, beat, beat, TimeUnit.MILLISECONDS);
    }

    private void beat() {
        try {
            isHeld();
        } catch (RemoteFileException | PhpDeployException ignored) {
            // the lock is lost, or will be; whoever changes something next finds out
        }
    }

    /**
     * Whether the lock is still ours; shows that we are alive. Who was silent for long has lost it even before somebody
     * else notices.
     */
    synchronized boolean isHeld() throws RemoteFileException {
        long now = System.nanoTime();
        Duration silent = Duration.ofNanos(now - renewed);
        if (silent.compareTo(times.stale().multipliedBy(3).dividedBy(4)) > 0) {
            return false;
        }
        try {
            claims.renew(holder);
        } catch (RemoteFileException e) {
            if (e.reason() == RemoteFileException.Reason.MISSING) {
                return false;
            }
            throw e;
        }
        renewed = now;
        return true;
    }

    String token() {
        return holder.token();
    }

    @Override
    public SiteState state() {
        return state;
    }

    @Override
    public Optional<LockHolder> leftBehind() {
        return leftBehind;
    }

    @Override
    public void close() {
        heart.shutdownNow();
        try {
            claims.withdraw(holder.token());
        } catch (RemoteFileException | PhpDeployException ignored) {
            // the connection is gone; the claim dies by itself
        }
    }

    @Override
    public String toString() {
        return "lock of " + holder.describe();
    }
}
