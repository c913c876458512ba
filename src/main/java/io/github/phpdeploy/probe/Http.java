package io.github.phpdeploy.probe;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.Wire;

/** Asks for one page from a host itself, each time over a new connection. */
public final class Http {

    private Http() {}

    /**
     * What came.
     *
     * @param status the status code
     * @param headers the header fields; names without regard to case
     * @param body the first MiB of the body, read as UTF-8
     */
    public record Answer(int status, Map<String, String> headers, String body) {}

    /**
     * Asks at the address that the URL names.
     *
     * @param host where it is asked from
     * @param url what is asked for
     * @param limit how long the answer may take
     * @return what came, whatever its status
     * @throws IOException when nobody answers in time, or not by HTTP
     */
    public static Answer get(Host host, URI url, Duration limit) throws IOException {
        boolean secure = "https".equalsIgnoreCase(url.getScheme());
        int port = url.getPort() > 0 ? url.getPort() : secure ? 443 : 80;
        try (Socket socket = host.dial(url.getHost().replaceAll("^\\[|]$", ""), port, limit)) {
            return timed(socket, limit, () -> HttpReply.get(secure ? secured(socket, url, port) : socket, url));
        }
    }

    private static Socket secured(Socket socket, URI url, int port) throws IOException {
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        SSLSocket secured = (SSLSocket) factory.createSocket(socket, url.getHost(), port, true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    /**
     * Asks at a Unix socket.
     *
     * @param host where the socket is
     * @param socket its path
     * @param url what is asked for
     * @param limit how long the answer may take
     * @return what came, whatever its status
     * @throws IOException when nobody answers in time, or not by HTTP
     */
    public static Answer get(Host host, String socket, URI url, Duration limit) throws IOException {
        try (Wire wire = host.dialSocket(socket, limit)) {
            return timed(wire, limit, () -> HttpReply.get(wire.in(), wire.out(), url));
        }
    }

    private interface Question {
        HttpReply ask() throws IOException;
    }

    /** A tunnel knows no time-outs: whoever takes too long loses the connection. */
    private static Answer timed(Closeable connection, Duration limit, Question question) throws IOException {
        CompletableFuture<Void> alarm =
                new CompletableFuture<Void>().orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
        alarm.exceptionally(timeout -> {
            try {
                connection.close();
            } catch (IOException ignored) {
                // closed already
            }
            return null;
        });
        try {
            HttpReply reply = question.ask();
            return new Answer(reply.status(), reply.headers(), reply.body());
        } catch (IOException e) {
            throw alarm.isCompletedExceptionally()
                    ? new IOException("no answer within " + limit.toSeconds() + " s", e)
                    : e;
        } finally {
            alarm.complete(null);
        }
    }
}
