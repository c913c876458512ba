package io.github.phpdeploy.host.ssh;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

import net.schmizz.sshj.connection.Connection;
import net.schmizz.sshj.connection.channel.direct.DirectConnection;

/**
 * A connection from one host to the next, over which SSH is spoken again. Closing its streams does nothing: sshj takes data that
 * arrive behind a closed input stream for an error of the whole connection, which others share. Only {@link #close} ends it,
 * and waits for what is under way.
 */
final class Hop extends DirectConnection {

    /**
     * A hop, not yet open.
     *
     * @param connection to the host that it starts from
     * @param host where it leads to, as that host knows it
     * @param port TCP port there
     */
    Hop(Connection connection, String host, int port) {
        super(connection, host, port);
    }

    @Override
    public InputStream getInputStream() {
        return new FilterInputStream(super.getInputStream()) {
            @Override
            public void close() {
                // by close() of the hop
            }
        };
    }

    @Override
    public OutputStream getOutputStream() {
        return new FilterOutputStream(super.getOutputStream()) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void close() {
                // by close() of the hop
            }
        };
    }
}
