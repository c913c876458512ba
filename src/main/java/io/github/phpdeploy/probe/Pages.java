package io.github.phpdeploy.probe;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.host.Wire;

/** Pages as seen from a host, each over a new connection. */
public final class Pages {

    private Pages() {}

    /**
     * Connects to a page's server, and asks nothing yet.
     *
     * @param host from where
     * @param url an http or https address
     * @param limit how long all may take, from connecting to the end of the answer
     * @return the connection, to be closed by the caller
     * @throws IOException when nobody listens there; its message says where
     */
    public static Line dial(Host host, URI url, Duration limit) throws IOException {
        try {
            return new Line(host.dial(address(url), port(url), limit), url, limit);
        } catch (IOException e) {
            throw new IOException("cannot connect to " + url.getHost() + ":" + port(url) + ": " + words(e), e);
        }
    }

    /**
     * Asks for a page.
     *
     * @param host from where
     * @param url an http or https address
     * @param limit how long all may take
     * @return the answer, whatever its status
     * @throws IOException when nobody answers in time, or not by HTTP
     */
    public static HttpReply get(Host host, URI url, Duration limit) throws IOException {
        try (Line line = dial(host, url, limit)) {
            return line.get();
        }
    }

    /**
     * Asks for a page at a Unix socket.
     *
     * @param host where the socket is
     * @param socket its path
     * @param url what is asked for
     * @param limit how long all may take
     * @return the answer, whatever its status
     * @throws IOException when nobody answers in time, or not by HTTP
     */
    public static HttpReply get(Host host, String socket, URI url, Duration limit) throws IOException {
        try (Wire wire = host.dialSocket(socket, limit);
                Alarm alarm = new Alarm(wire, limit)) {
            return alarm.before(() -> HttpReply.get(wire.in(), wire.out(), url));
        }
    }

    private interface Question {
        HttpReply ask() throws IOException;
    }

    /** A tunnel knows no time-outs: whoever takes too long loses the connection. */
    private static final class Alarm implements AutoCloseable {

        private final Closeable connection;
        private final Duration limit;
        private final CompletableFuture<Void> bell;

        Alarm(Closeable connection, Duration limit) {
            this.connection = connection;
            this.limit = limit;
            bell = new CompletableFuture<Void>().orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
            bell.exceptionally(timeout -> {
                hangUp();
                return null;
            });
        }

        HttpReply before(Question question) throws IOException {
            try {
                return question.ask();
            } catch (IOException e) {
                throw bell.isCompletedExceptionally()
                        ? new IOException("no answer within " + limit.toMillis() + " ms", e)
                        : e;
            }
        }

        private void hangUp() {
            try {
                connection.close();
            } catch (IOException ignored) {
                // closed already
            }
        }

        @Override
        public void close() {
            bell.complete(null);
            hangUp();
        }
    }

    /** A connection that is good for one question. Used by one thread at a time. */
    public static final class Line implements AutoCloseable {

        private final Socket socket;
        private final URI url;
        private final Alarm alarm;

        private Line(Socket socket, URI url, Duration limit) {
            this.socket = socket;
            this.url = url;
            alarm = new Alarm(socket, limit);
        }

        /**
         * Asks for the page, as one that closes the connection after the answer.
         *
         * @return the answer, whatever its status
         * @throws IOException when there is none in time, or it is no HTTP
         */
        public HttpReply get() throws IOException {
            return alarm.before(() -> HttpReply.get(talk(), url));
        }

        /**
         * Asks twice over this connection.
         *
         * @return whether the server left it open after the first answer
         * @throws IOException when there is no first answer
         */
        public boolean isKeptAlive() throws IOException {
            Socket talk = talk();
            HttpReply.get(talk, url, "keep-alive");
            try {
                HttpReply.get(talk, url, "close");
                return true;
            } catch (IOException closed) {
                return false;
            }
        }

        private Socket talk() throws IOException {
            return isTls(url) ? tls(socket, url) : socket;
        }

        @Override
        public void close() {
            alarm.close();
        }
    }

    private static Socket tls(Socket socket, URI url) throws IOException {
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        SSLSocket tls = (SSLSocket) factory.createSocket(socket, url.getHost(), port(url), true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return tls;
    }

    /** The server's name or address, IPv6 without brackets. */
    static String address(URI url) {
        return url.getHost().replaceAll("^\\[|]$", "");
    }

    /**
     * The port that a page's server listens on.
     *
     * @param url an http or https address
     * @return the one that it names, or its scheme's
     */
    public static int port(URI url) {
        return url.getPort() > 0 ? url.getPort() : isTls(url) ? 443 : 80;
    }

    private static boolean isTls(URI url) {
        return "https".equalsIgnoreCase(url.getScheme());
    }

    /**
     * What an error says, for humans.
     *
     * @param e the error
     * @return one printable line, never empty
     */
    public static String words(IOException e) {
        String message = Printable.line(String.valueOf(e.getMessage()));
        return message.isEmpty() || message.equals("null") ? e.getClass().getSimpleName() : message;
    }
}
