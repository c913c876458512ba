package io.github.phpdeploy.host.ssh;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.host.RemoteFiles;
import io.github.phpdeploy.host.ShellChannel;
import io.github.phpdeploy.host.ShellHost;
import io.github.phpdeploy.host.Wire;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.connection.channel.OpenFailException;
import net.schmizz.sshj.sftp.SFTPEngine;

/** A host behind SSH: one authenticated connection, a channel for each script. */
public final class SshHost extends ShellHost {

    /** How long to ask for a channel where the host has none to give. */
    private static final Duration TURN = Duration.ofSeconds(10);

    private static final int TURN_PAUSE_MILLIS = 25;

    private final SshLink link;
    private final SSHClient client;
    private CompletableFuture<ShellChannel> spare;

    private SshHost(String name, SshLink link) {
        super(name);
        this.link = link;
        this.client = link.client();
    }

    /**
     * Opens the channel of the first script already now. Not for hosts on which nothing is to be run.
     *
     * @return this
     */
    public synchronized SshHost expectScripts() {
        spare = openAhead();
        return this;
    }

    /**
     * Connects and authenticates, through other hosts where the settings say so.
     *
     * @param settings where and as whom
     * @return the host
     * @throws PhpDeployException when the name does not resolve, nothing answers, the host key is not trusted, or the
     *     host does not let us in; each says what to do
     */
    public static SshHost connect(SshSettings settings) {
        Path sshDirectory = Path.of(System.getProperty("user.home"), ".ssh");
        return connect(settings, new Authentication(settings, System.getenv(), sshDirectory));
    }

    static SshHost connect(SshSettings settings, Authentication authentication) {
        return new SshHost(settings.address().toString(), SshLink.open(settings, authentication));
    }

    /** Takes the channel that was opened ahead, so that a script costs one round trip, and opens the next. */
    @Override
    protected ShellChannel open(String command) throws IOException {
        CompletableFuture<ShellChannel> ready;
        synchronized (this) {
            ready = spare;
            spare = null;
        }
        ShellChannel channel =
                ready == null ? null : ready.exceptionally(failure -> null).join();
        if (channel == null) {
            channel = inTurn(() -> ScriptChannel.run(client.getConnection(), command));
        }
        synchronized (this) {
            if (spare == null) {
                spare = openAhead();
            }
        }
        return channel;
    }

    /**
     * Opens a channel, as soon as the host has one to give: sshd refuses more than {@code MaxSessions} at a time, and
     * counts one that has ended until it has noticed.
     */
    private <T> T inTurn(Opener<T> opener) throws IOException {
        long end = System.nanoTime() + TURN.toNanos();
        while (true) {
            try {
                return opener.open();
            } catch (OpenFailException e) {
                if (System.nanoTime() > end) {
                    throw new PhpDeployException(
                            name() + " refused one more session on this connection for " + TURN.toSeconds() + " s",
                            "allow 4 or more with \"MaxSessions\" in its sshd_config",
                            e);
                }
            }
            try {
                TimeUnit.MILLISECONDS.sleep(TURN_PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
        }
    }

    /** Opens something that needs a channel. */
    private interface Opener<T> {
        T open() throws IOException;
    }

    @Override
    public RemoteFiles files() {
        try {
            return new SftpFiles(name(), inTurn(() -> new SFTPEngine(client).init()));
        } catch (IOException e) {
            throw new PhpDeployException(
                    name() + " offers no SFTP: " + Printable.line(String.valueOf(e.getMessage())),
                    "let its SSH server offer the subsystem \"sftp\" to this account",
                    e);
        }
    }

    private CompletableFuture<ShellChannel> openAhead() {
        CompletableFuture<ShellChannel> future = new CompletableFuture<>();
        Thread opener = new Thread(
                () -> {
                    try {
                        future.complete(ScriptChannel.run(client.getConnection(), bootCommand()));
                    } catch (IOException | RuntimeException e) {
                        future.completeExceptionally(e);
                    }
                },
                "php-deploy-channel-" + name());
        opener.setDaemon(true);
        opener.start();
        return future;
    }

    @Override
    public Socket dial(String address, int port, Duration timeout) throws IOException {
        return new TunnelSocket(link.dial(name(), address, port));
    }

    @Override
    public Wire dialSocket(String path, Duration timeout) throws IOException {
        SocketChannel channel = new SocketChannel(client.getConnection(), path);
        try {
            channel.open();
        } catch (OpenFailException e) {
            // the server has no such channels, forbids them, or could not connect: what runs there knows why
            return super.dialSocket(path, timeout);
        }
        return Wire.of(new TunnelSocket(channel));
    }

    @Override
    public void close() {
        link.close();
    }
}
