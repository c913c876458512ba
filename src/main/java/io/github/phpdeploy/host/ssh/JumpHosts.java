package io.github.phpdeploy.host.ssh;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import io.github.phpdeploy.PhpDeployException;

/**
 * Connections to the hosts that others are reached through. All that go through one share its connection: an sshd lets no more
 * than ten in at a time ({@code MaxStartups} of sshd_config(5)), and a fleet behind a bastion is larger.
 */
final class JumpHosts {

    private static final Map<SshSettings, Shared> OPEN = new HashMap<>();

    private JumpHosts() {}

    /** A connection and how many use it. Guarded by {@link #OPEN}. */
    private static final class Shared {

        private final CompletableFuture<SshLink> link = new CompletableFuture<>();
        private int users = 1;
    }

    /**
     * The use of a connection, until it is closed.
     *
     * @param settings where to
     * @param shared the connection
     * @param link the same
     */
    record Lease(SshSettings settings, Shared shared, SshLink link) implements AutoCloseable {

        String name() {
            return settings.address().toString();
        }

        /** The last one hangs up. */
        @Override
        public void close() {
            if (release(settings, shared)) {
                link.close();
            }
        }
    }

    /**
     * Connects, or uses the connection that is there.
     *
     * @param settings where to
     * @param like what is known of keys and agents
     * @throws PhpDeployException when no connection can be made
     */
    static Lease lease(SshSettings settings, Authentication like) {
        Shared shared;
        boolean mine = false;
        synchronized (OPEN) {
            shared = OPEN.get(settings);
            if (shared != null && isDead(shared)) {
                shared = null;
            }
            if (shared == null) {
                shared = new Shared();
                mine = true;
                OPEN.put(settings, shared);
            } else {
                shared.users++;
            }
        }
        if (mine) {
            try {
                shared.link.complete(SshLink.open(settings, like.to(settings)));
            } catch (RuntimeException | Error e) {
                // whatever it is, others wait for it
                shared.link.completeExceptionally(e);
            }
        }
        try {
            return new Lease(settings, shared, shared.link.join());
        } catch (CompletionException e) {
            release(settings, shared);
            throw e.getCause() instanceof PhpDeployException refused ? refused : e;
        }
    }

    private static boolean isDead(Shared shared) {
        return shared.link.isDone()
                && (shared.link.isCompletedExceptionally()
                        || !shared.link.join().isAlive());
    }

    /** Gives back; true for the last user. */
    private static boolean release(SshSettings settings, Shared shared) {
        synchronized (OPEN) {
            shared.users--;
            if (shared.users == 0) {
                OPEN.remove(settings, shared);
            }
            return shared.users == 0;
        }
    }
}
