package io.github.phpdeploy.host;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** A connection to a server: what is written there, and what it answers. Whatever carries it has no read time-out. */
public interface Wire extends Closeable {

    /**
     * What the other side says.
     *
     * @return a stream that never waits for data when asked for none
     */
    InputStream in();

    /**
     * What the other side hears.
     *
     * @return a stream; flush what must arrive now
     */
    OutputStream out();

    /**
     * A socket as a wire.
     *
     * @param socket connected
     * @return the same connection
     * @throws IOException when it is closed already
     */
    static Wire of(Socket socket) throws IOException {
        return of(socket.getInputStream(), socket.getOutputStream(), socket);
    }

    /**
     * A wire of its parts.
     *
     * @param in what the other side says
     * @param out what it hears
     * @param closer ends the connection
     * @return all of them
     */
    static Wire of(InputStream in, OutputStream out, Closeable closer) {
        return new Wire() {
            @Override
            public InputStream in() {
                return in;
            }

            @Override
            public OutputStream out() {
                return out;
            }

            @Override
            public void close() throws IOException {
                closer.close();
            }
        };
    }
}
