package io.github.phpdeploy.host.ssh;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;

import net.schmizz.sshj.connection.channel.Channel;

/**
 * A connection from the host to somewhere (RFC 4254, section 7.2) in the shape of a socket, so that TLS and HTTP can be
 * spoken through it. No port is opened on this machine.
 */
final class TunnelSocket extends Socket {

    private final Channel channel;
    private volatile boolean closed;

    TunnelSocket(Channel channel) {
        this.channel = channel;
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
        throw new IOException("a tunnel is connected from the start");
    }

    @Override
    public InputStream getInputStream() {
        return new EagerInput(channel.getInputStream());
    }

    @Override
    public OutputStream getOutputStream() {
        return new FlushingOutput(channel.getOutputStream());
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isBound() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized void setSoTimeout(int timeout) {
        // sshj's channels have no read time-out: whoever reads sets an alarm that closes the socket
    }

    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            channel.close();
        }
    }

    /**
     * sshj takes data that arrive behind a closed input stream for an error of the whole connection; so whoever closes the stream
     * closes the socket, as with other sockets. And it waits for data even when it is asked for none, as {@code readNBytes} does in the end. */
    private final class EagerInput extends FilterInputStream {

        EagerInput(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return length == 0 ? 0 : in.read(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            TunnelSocket.this.close();
        }
    }

    /** sshj gathers what is written until it is flushed; a socket sends at once. */
    private static final class FlushingOutput extends FilterOutputStream {

        FlushingOutput(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            out.flush();
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            out.flush();
        }
    }
}
