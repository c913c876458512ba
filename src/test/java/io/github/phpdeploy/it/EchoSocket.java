package io.github.phpdeploy.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A Unix socket that says back what it hears, twice each byte, until the other side goes. */
public final class EchoSocket implements AutoCloseable {

    private final ServerSocketChannel server;

    /** Listens at a path. */
    public EchoSocket(Path path) {
        try {
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread acceptor = new Thread(this::accept, "echo");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    private void accept() {
        while (true) {
            try {
                SocketChannel channel = server.accept();
                Thread echo = new Thread(() -> echo(channel), "echo-connection");
                echo.setDaemon(true);
                echo.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void echo(SocketChannel channel) {
        try (channel) {
            InputStream in = Channels.newInputStream(channel);
            OutputStream out = Channels.newOutputStream(channel);
            for (int c = in.read(); c >= 0; c = in.read()) {
                out.write(new byte[] {(byte) c, (byte) c});
            }
        } catch (IOException ignored) {
            // the other side has gone
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
