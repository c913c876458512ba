package io.github.phpdeploy.release;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.Running;

/**
 * The lock of a deploy path, held by flock(2) in a shell on the host for as long as this object lives. It says every few seconds that
 * we are still there: a connection that hangs gives the lock back as well, in less than a minute.
 */
final class ShellLock implements SiteLock {

    private static final int BEAT_SECONDS = 4;

    private final Host host;
    private final Running shell;
    private final String token;
    private final SiteState state;
    private final Optional<LockHolder> leftBehind;
    private final ScheduledExecutorService heart;

    ShellLock(Host host, Running shell, String token, SiteState state, Optional<LockHolder> leftBehind) {
        this.host = host;
        this.shell = shell;
        this.token = token;
        this.state = state;
        this.leftBehind = leftBehind;
        this.heart = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "php-deploy-lock-" + host.name());
            thread.setDaemon(true);
            return thread;
        });
        heart.scheduleAtFixedRate(() -> say("beat"), BEAT_SECONDS, BEAT_SECONDS, TimeUnit.SECONDS);
    }

    private synchronized void say(String word) {
        try {
            shell.stdin().write((word + "\n").getBytes(StandardCharsets.US_ASCII));
            shell.stdin().flush();
        } catch (IOException ignored) {
            // the lock is lost; whoever changes something next is told so by the host
        }
    }

    /** What tells this holder from every other. */
    String token() {
        return token;
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
        say("unlock");
        try {
            shell.finish();
        } catch (io.github.phpdeploy.PhpDeployException ignored) {
            // the connection is gone, and with it the lock
        } finally {
            shell.close();
        }
    }

    @Override
    public String toString() {
        return "lock of " + host.name();
    }
}
