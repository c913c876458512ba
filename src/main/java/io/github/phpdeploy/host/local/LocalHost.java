package io.github.phpdeploy.host.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.ShellChannel;
import io.github.phpdeploy.host.ShellHost;
import io.github.phpdeploy.host.Wire;

/** The machine that the build runs on. Needs a POSIX {@code sh}; everything else is as on any other host. */
public final class LocalHost extends ShellHost {

    /** What users write for this host. */
    public static final String NAME = "local";

    private final Set<ShellChannel> open = ConcurrentHashMap.newKeySet();

    /** This machine. */
    public LocalHost() {
        super(NAME);
    }

    @Override
    protected ShellChannel open(String command) throws IOException {
        try {
            ShellChannel channel = new LocalChannel(new ProcessBuilder("sh", "-c", command).start());
            open.add(channel);
            return channel;
        } catch (IOException e) {
            throw new PhpDeployException(
                    "this machine has no \"sh\" to deploy to \"local\" with",
                    "deploy to a host over SSH with -Dphp.hosts=user@host, or run the build under WSL",
                    e);
        }
    }

    @Override
    public Socket dial(String address, int port, Duration timeout) throws IOException {
        Socket socket = new Socket();
        try {
            int millis = Math.toIntExact(timeout.toMillis());
            socket.connect(new InetSocketAddress(address, port), millis);
            socket.setSoTimeout(millis);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public Wire dialSocket(String path, Duration timeout) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(path));
            return Wire.of(Channels.newInputStream(channel), Channels.newOutputStream(channel), channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void close() {
        open.forEach(ShellChannel::close);
    }

    private final class LocalChannel implements ShellChannel {

        private final Process process;

        LocalChannel(Process process) {
            this.process = process;
        }

        @Override
        public OutputStream stdin() {
            return process.getOutputStream();
        }

        @Override
        public InputStream stdout() {
            return process.getInputStream();
        }

        @Override
        public InputStream stderr() {
            return process.getErrorStream();
        }

        @Override
        public int exitCode() throws IOException {
            try {
                return process.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }

        @Override
        public void close() {
            open.remove(this);
            // as when an SSH channel closes: the script is not killed, it sees the end of its input
            closeQuietly(process.getOutputStream());
            if (!process.isAlive()) {
                return;
            }
            closeQuietly(process.getInputStream());
            closeQuietly(process.getErrorStream());
        }

        private static void closeQuietly(java.io.Closeable stream) {
            try {
                stream.close();
            } catch (IOException ignored) {
                // the process has closed its side already
            }
        }
    }
}
