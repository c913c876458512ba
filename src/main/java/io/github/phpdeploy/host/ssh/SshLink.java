package io.github.phpdeploy.host.ssh;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import javax.net.SocketFactory;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.host.UnreachableException;
import net.schmizz.keepalive.KeepAliveRunner;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.connection.channel.OpenFailException;
import net.schmizz.sshj.connection.channel.direct.DirectConnection;
import net.schmizz.sshj.transport.TransportException;

/** One authenticated connection to an SSH server, made from here or through another. */
final class SshLink implements AutoCloseable {

    /** A host that has not answered for this many times the interval is gone. */
    private static final int MISSED_KEEP_ALIVES = 4;

    private static final int KEEP_ALIVE_SECONDS = 5;

    /** How long a slow disk may hold up the stream before sshj gives up; a dead host is noticed long before. */
    private static final int STALL_MILLIS = (int) TimeUnit.MINUTES.toMillis(10);

    private final SSHClient client;
    private final Optional<JumpHosts.Lease> jump;
    private Hop hop;

    private SshLink(SSHClient client, Optional<JumpHosts.Lease> jump) {
        this.client = client;
        this.jump = jump;
    }

    /**
     * Connects and authenticates; through as many hosts as the settings name.
     *
     * @throws PhpDeployException when the name does not resolve, nothing answers, a host key is not trusted, or a host does
     *     not let us in; each says what to do
     */
    static SshLink open(SshSettings settings, Authentication authentication) {
        // before the way there is opened: nobody would close it again
        HostKeyCheck hostKeys = new HostKeyCheck(settings);
        Optional<JumpHosts.Lease> jump = settings.jump().map(host -> through(settings, host, authentication));
        SSHClient client = new SSHClient(new SshAlgorithms());
        SshLink link = new SshLink(client, jump);
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
            if (jump.isPresent()) {
                link.connectThrough(jump.get(), settings);
            } else {
                client.connect(settings.address().host(), settings.port());
            }
            authentication.authenticate(client);
            if (jump.isEmpty()) {
                client.getSocket().setSoTimeout(0);
            }
            client.getConnection().setTimeoutMs(STALL_MILLIS);
            connected = true;
            return link;
        } catch (IOException e) {
            throw hostKeys.refusal() != null ? hostKeys.refusal() : explained(settings, e);
        } finally {
            if (!connected) {
                link.close();
            }
        }
    }

    private static JumpHosts.Lease through(SshSettings settings, SshSettings host, Authentication authentication) {
        try {
            return JumpHosts.lease(host, authentication);
        } catch (UnreachableException e) {
            throw new UnreachableException(barred(settings, e), e.advice(), e);
        } catch (PhpDeployException e) {
            throw new PhpDeployException(barred(settings, e), e.advice(), e);
        }
    }

    private static String barred(SshSettings settings, PhpDeployException why) {
        return "the way to " + settings.address() + " is barred: " + why.what();
    }

    private void connectThrough(JumpHosts.Lease via, SshSettings settings) throws IOException {
        hop = new Hop(via.link().client.getConnection(), settings.address().host(), settings.port());
        open(hop, via.name(), settings.address());
        // sshj's channels have no read time-out
        Duration limit = settings.connectTimeout();
        CompletableFuture<Void> alarm =
                new CompletableFuture<Void>().orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
        alarm.exceptionally(timeout -> {
            closeQuietly(hop);
            return null;
        });
        try {
            client.connectVia(hop);
        } catch (IOException e) {
            throw alarm.isCompletedExceptionally() ? new SocketTimeoutException("no answer") : e;
        } finally {
            alarm.complete(null);
        }
    }

    private static void closeQuietly(AutoCloseable channel) {
        try {
            channel.close();
        } catch (Exception ignored) {
            // gone is gone
        }
    }

    /**
     * Connects from the host to somewhere.
     *
     * @param name what to call the host
     * @throws PhpDeployException when the host does not allow that
     * @throws ConnectException when the host cannot connect
     */
    DirectConnection dial(String name, String address, int port) throws IOException {
        DirectConnection connection = new DirectConnection(client.getConnection(), address, port);
        open(connection, name, address + ":" + port);
        return connection;
    }

    private static void open(DirectConnection connection, String name, Object where) throws IOException {
        try {
            connection.open();
        } catch (OpenFailException e) {
            if (e.getReason() == OpenFailException.Reason.ADMINISTRATIVELY_PROHIBITED) {
                throw new PhpDeployException(
                        name + " does not allow connections from there to " + where + " (AllowTcpForwarding is off)",
                        "set \"AllowTcpForwarding local\" for this account in its sshd_config",
                        e);
            }
            throw new ConnectException(e.getMessage());
        }
    }

    SSHClient client() {
        return client;
    }

    /** Whether it can still be used, as far as is known. */
    boolean isAlive() {
        return client.isConnected() && client.getTransport().isRunning();
    }

    /** Hangs up. */
    @Override
    public void close() {
        try {
            client.getTransport().disconnect(DisconnectReason.BY_APPLICATION);
            client.close();
        } catch (IOException ignored) {
            // gone is gone
        } finally {
            if (hop != null) {
                closeQuietly(hop);
            }
            jump.ifPresent(JumpHosts.Lease::close);
        }
    }

    private static PhpDeployException explained(SshSettings settings, IOException e) {
        String where = settings.address().toString();
        Throwable root = e;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        if (root instanceof UnknownHostException) {
            return new UnreachableException(
                    "the host name " + settings.address().host() + " does not resolve",
                    "correct it in php.hosts, or make it known to this machine's name service",
                    e);
        }
        if (root instanceof SocketTimeoutException || root instanceof TimeoutException || isTimeout(e)) {
            return new UnreachableException(
                    where + " did not answer within "
                            + settings.connectTimeout().toSeconds() + " s",
                    "check address, port and firewall with: " + settings.commandLine()
                            + " ; give a slow host more time with -Dphp.connectTimeout=SECONDS",
                    e);
        }
        if (root instanceof NoRouteToHostException) {
            return new UnreachableException(
                    where + " cannot be reached from this machine",
                    "check address, routes and firewall with: " + settings.commandLine(),
                    e);
        }
        if (root instanceof ConnectException && settings.jump().isPresent()) {
            return new UnreachableException(
                    settings.jump().get().address() + " could not connect to " + where + ": "
                            + Printable.line(String.valueOf(root.getMessage())),
                    "check name, port and firewall from there with: " + settings.commandLine(),
                    e);
        }
        if (root instanceof ConnectException) {
            return new UnreachableException(
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
