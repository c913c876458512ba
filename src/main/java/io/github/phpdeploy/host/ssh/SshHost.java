package io.github.phpdeploy.host.ssh;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import javax.net.SocketFactory;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.host.RemoteFiles;
import io.github.phpdeploy.host.ShellChannel;
import io.github.phpdeploy.host.ShellHost;
import io.github.phpdeploy.host.Wire;
import net.schmizz.keepalive.KeepAliveRunner;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.connection.channel.OpenFailException;
import net.schmizz.sshj.connection.channel.direct.DirectConnection;
import net.schmizz.sshj.sftp.SFTPEngine;
import net.schmizz.sshj.transport.TransportException;

/** A host behind SSH: one authenticated connection, a channel for each script. */
public final class SshHost extends ShellHost {

    /** A host that has not answered for this many times the interval is gone. */
    private static final int MISSED_KEEP_ALIVES = 4;

    private static final int KEEP_ALIVE_SECONDS = 5;

    /** How long a slow disk may hold up the stream before sshj gives up; a dead host is noticed long before. */
    private static final int STALL_MILLIS = (int) TimeUnit.MINUTES.toMillis(10);

    /** How long to ask for a channel where the host has none to give. */
    private static final Duration TURN = Duration.ofSeconds(10);

    private static final int TURN_PAUSE_MILLIS = 25;

    private final SSHClient client;
    private CompletableFuture<ShellChannel> spare;

    private SshHost(String name, SSHClient client) {
        super(name);
        this.client = client;
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
     * Connects and authenticates.
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
        HostKeyCheck hostKeys = new HostKeyCheck(settings);
        SSHClient client = new SSHClient(new SshAlgorithms());
        boolean connected = false;
        try {
            int millis = Math.toIntExact(settings.connectTimeout().toMillis());
            client.setSocketFactory(new PromptSockets());
            client.setConnectTimeout(millis);
            client.setTimeout(millis);
            client.getTransport().setTimeoutMs(millis);
            client.addHostKeyVerifier(hostKeys);
            KeepAliveRunner keepAlive = (KeepAliveRunner) client.getConnection().getKeepAlive();
            keepAlive.setKeepAliveInterval(KEEP_ALIVE_SECONDS);
            keepAlive.setMaxAliveCount(MISSED_KEEP_ALIVES);
            client.connect(settings.address().host(), settings.port());
            authentication.authenticate(client);
            client.getSocket().setSoTimeout(0);
            client.getConnection().setTimeoutMs(STALL_MILLIS);
            connected = true;
            return new SshHost(settings.address().toString(), client);
        } catch (IOException e) {
            throw hostKeys.refusal() != null ? hostKeys.refusal() : explained(settings, e);
        } finally {
            if (!connected) {
                disconnect(client);
            }
        }
    }

    private static PhpDeployException explained(SshSettings settings, IOException e) {
        String where = settings.address().toString();
        Throwable root = e;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        if (root instanceof UnknownHostException) {
            return new PhpDeployException(
                    "the host name " + settings.address().host() + " does not resolve",
                    "correct it in php.hosts, or make it known to this machine's name service",
                    e);
        }
        if (root instanceof SocketTimeoutException || root instanceof TimeoutException || isTimeout(e)) {
            return new PhpDeployException(
                    where + " did not answer within "
                            + settings.connectTimeout().toSeconds() + " s",
                    "check address, port and firewall with: " + settings.commandLine()
                            + " ; give a slow host more time with -Dphp.connectTimeout=SECONDS",
                    e);
        }
        if (root instanceof NoRouteToHostException) {
            return new PhpDeployException(
                    where + " cannot be reached from this machine",
                    "check address, routes and firewall with: " + settings.commandLine(),
                    e);
        }
        if (root instanceof ConnectException) {
            return new PhpDeployException(
                    where + " refused the connection to port " + settings.port(),
                    "check that its SSH server runs and listens there: " + settings.commandLine(),
                    e);
        }
        return new PhpDeployException(
                "the SSH connection to " + where + " could not be made: "
                        + Printable.line(String.valueOf(root.getMessage())),
                "try by hand with: " + settings.commandLine(),
                e);
    }

    private static boolean isTimeout(IOException e) {
        return e instanceof TransportException && String.valueOf(e.getMessage()).contains("Timeout expired");
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
        DirectConnection connection = new DirectConnection(client.getConnection(), address, port);
        try {
            connection.open();
        } catch (OpenFailException e) {
            if (e.getReason() == OpenFailException.Reason.ADMINISTRATIVELY_PROHIBITED) {
                throw new PhpDeployException(
                        name() + " does not allow connections from there to " + address + ":" + port
                                + " (AllowTcpForwarding is off)",
                        "set \"AllowTcpForwarding local\" for this account in its sshd_config",
                        e);
            }
            throw new ConnectException(e.getMessage());
        }
        return new TunnelSocket(connection);
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
        disconnect(client);
    }

    private static void disconnect(SSHClient client) {
        try {
            client.getTransport().disconnect(DisconnectReason.BY_APPLICATION);
            client.close();
        } catch (IOException ignored) {
            // gone is gone
        }
    }

    /** Sockets that send each packet at once: a handshake is many small ones. */
    private static final class PromptSockets extends SocketFactory {

        @Override
        public Socket createSocket() throws IOException {
            Socket socket = new Socket();
            socket.setTcpNoDelay(true);
            return socket;
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return new Socket(host, port);
        }

        @Override
        public Socket createSocket(String host, int port, java.net.InetAddress local, int localPort)
                throws IOException {
            return new Socket(host, port, local, localPort);
        }

        @Override
        public Socket createSocket(java.net.InetAddress host, int port) throws IOException {
            return new Socket(host, port);
        }

        @Override
        public Socket createSocket(java.net.InetAddress host, int port, java.net.InetAddress local, int localPort)
                throws IOException {
            return new Socket(host, port, local, localPort);
        }
    }
}
