package io.github.phpdeploy.runtime.fpm;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.Wire;

/**
 * A pool of workers, as its socket on a host.
 *
 * @param host where it runs
 * @param address the socket's absolute path, or {@code host:port}, or a port
 */
record Pool(Host host, String address) {

    /**
     * Runs a script in the pool, over a new connection.
     *
     * @param script absolute path, as the pool is to see it
     * @param more further variables of the request, which win
     * @param limit how long the answer may take
     * @throws IOException when there is no answer
     */
    FastCgi.Reply ask(String script, Map<String, String> more, Duration limit) throws IOException {
        Map<String, String> params = new LinkedHashMap<>();
        params.put("GATEWAY_INTERFACE", "CGI/1.1");
        params.put("SERVER_SOFTWARE", "php-maven-plugin");
        params.put("SERVER_PROTOCOL", "HTTP/1.1");
        params.put("REQUEST_METHOD", "GET");
        params.put("REQUEST_SCHEME", "http");
        params.put("SERVER_NAME", "localhost");
        params.put("SERVER_ADDR", "127.0.0.1");
        params.put("SERVER_PORT", "80");
        params.put("REMOTE_ADDR", "127.0.0.1");
        params.put("REMOTE_PORT", "0");
        params.put("HTTP_HOST", "localhost");
        params.put("HTTP_USER_AGENT", "php-maven-plugin");
        params.put("CONTENT_LENGTH", "");
        params.put("CONTENT_TYPE", "");
        params.put("QUERY_STRING", "");
        params.put("SCRIPT_FILENAME", script);
        params.put("SCRIPT_NAME", script);
        params.put("REQUEST_URI", script);
        params.putAll(more);
        CompletableFuture<Void> alarm =
                new CompletableFuture<Void>().orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
        try (Wire wire = connect(limit)) {
            alarm.exceptionally(timeout -> {
                closeQuietly(wire);
                return null;
            });
            return FastCgi.ask(wire, params);
        } catch (IOException e) {
            throw alarm.isCompletedExceptionally()
                    ? new IOException("no answer within " + limit.toSeconds() + " s", e)
                    : e;
        } finally {
            alarm.complete(null);
        }
    }

    private Wire connect(Duration limit) throws IOException {
        if (address.startsWith("/")) {
            return host.dialSocket(address, limit);
        }
        int colon = address.lastIndexOf(':');
        String name = colon < 0 ? "127.0.0.1" : address.substring(0, colon).replaceAll("^\\[|]$", "");
        // a pool that listens on all addresses listens on loopback too
        boolean any = name.isEmpty() || name.equals("*") || name.equals("0.0.0.0") || name.equals("::");
        return Wire.of(host.dial(any ? "127.0.0.1" : name, Integer.parseInt(address.substring(colon + 1)), limit));
    }

    private static void closeQuietly(Wire wire) {
        try {
            wire.close();
        } catch (IOException ignored) {
            // closed already
        }
    }
}
