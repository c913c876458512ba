package io.github.phpdeploy.it;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * One client of a site. With a connection that is kept it asks over the same one until the server closes it, saying so; else
 * each time over a new one. Used by one thread at a time.
 */
public final class Visitor implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 30_000;

    private final int port;
    private final boolean keepsAlive;
    private Socket socket;
    private InputStream in;
    private boolean begun;

    Visitor(int port, boolean keepsAlive) {
        this.port = port;
        this.keepsAlive = keepsAlive;
    }

    /**
     * What came back.
     *
     * @param releases the three that the body names; empty where it failed
     * @param failure what went wrong; empty for nothing
     * @param connected whether that needed a new connection
     * @param begun whether anything came back
     */
    public record Answer(List<String> releases, String failure, boolean connected, boolean begun) {

        /** Whether a kept connection had been closed, or was just then, while nothing was asked over it. */
        public boolean isIdleClosed() {
            return !failure.isEmpty() && !connected && !begun;
        }
    }

    Answer ask(String path) {
        boolean connects = socket == null;
        begun = false;
        try {
            if (connects) {
                socket = new Socket(InetAddress.getLoopbackAddress(), port);
                socket.setSoTimeout(TIMEOUT_MILLIS);
                socket.setTcpNoDelay(true);
                in = new BufferedInputStream(socket.getInputStream());
            }
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: "
                                    + (keepsAlive ? "keep-alive" : "close") + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return answer(connects);
        } catch (IOException e) {
            close();
            return new Answer(List.of(), e.toString(), connects, begun);
        }
    }

    private Answer answer(boolean connected) throws IOException {
        String status = line();
        boolean chunked = false;
        boolean closes = !keepsAlive;
        int length = -1;
        for (String field = line(); !field.isEmpty(); field = line()) {
            String lower = field.toLowerCase(Locale.ROOT);
            chunked |= lower.startsWith("transfer-encoding: chunked");
            closes |= lower.equals("connection: close");
            length = lower.startsWith("content-length: ") ? Integer.parseInt(lower.substring(16)) : length;
        }
        String body = new String(chunked ? chunks() : bytes(length), StandardCharsets.UTF_8);
        if (closes) {
            close();
        }
        if (!status.startsWith("HTTP/1.1 200 ")) {
            return new Answer(List.of(), status, connected, true);
        }
        List<String> words = List.of(body.split(" "));
        if (words.size() != 4 || !words.get(3).equals("end")) {
            return new Answer(List.of(), "a body that does not name three releases: " + body, connected, true);
        }
        return new Answer(words.subList(0, 3), "", connected, true);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            begun |= c >= 0;
            if (c < 0) {
                throw new EOFException("the connection ended within an answer");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            body.write(bytes(size));
            line();
        }
        line();
        return body.toByteArray();
    }

    /** So many bytes, or all until the end for less than none. */
    private byte[] bytes(int length) throws IOException {
        if (length < 0) {
            return in.readAllBytes();
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("a body cut short");
        }
        return bytes;
    }

    @Override
    public void close() {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException ignored) {
            // closed already
        }
        socket = null;
    }
}
