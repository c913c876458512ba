package io.github.phpdeploy.probe;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One answer to one GET over HTTP/1.1 (RFC 9112), through whatever socket reaches the server: no library on Maven's class
 * path speaks HTTP through a socket that is given to it.
 *
 * @param status the status code
 * @param headers the header fields; names without regard to case, the last of several with one name
 * @param body the first {@value #MAX_BODY} bytes of the body, read as UTF-8
 */
public record HttpReply(int status, Map<String, String> headers, String body) {

    /** How much of a body is looked at, in bytes. */
    public static final int MAX_BODY = 1 << 20;

    private static final int MAX_LINE = 16 * 1024;
    private static final int MAX_FIELDS = 200;

    /**
     * Asks.
     *
     * @param socket connected to the server; TLS is done already
     * @param url what to ask for
     * @throws IOException when the connection ends early or what comes is not HTTP
     */
    static HttpReply get(Socket socket, URI url) throws IOException {
        return get(socket, url, "close");
    }

    /**
     * Asks.
     *
     * @param connection what becomes of the connection afterwards: {@code close} or {@code keep-alive}
     */
    static HttpReply get(Socket socket, URI url, String connection) throws IOException {
        return get(socket.getInputStream(), socket.getOutputStream(), url, connection);
    }

    /**
     * Asks through any connection.
     *
     * @param in what the server says
     * @param out what it hears
     * @param url what to ask for
     * @throws IOException when the connection ends early or what comes is not HTTP
     */
    static HttpReply get(InputStream in, OutputStream out, URI url) throws IOException {
        return get(in, out, url, "close");
    }

    private static HttpReply get(InputStream in, OutputStream out, URI url, String connection) throws IOException {
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String target = url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
        String host = url.getPort() > 0 ? url.getHost() + ":" + url.getPort() : url.getHost();
        String request = "GET " + target + " HTTP/1.1\r\nHost: " + host
                + "\r\nUser-Agent: php-maven-plugin\r\nAccept: */*\r\nCache-Control: no-cache\r\nConnection: "
                + connection
                + "\r\n\r\n";
        out.write(request.getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return read(new BufferedInputStream(in));
    }

    static HttpReply read(InputStream in) throws IOException {
        while (true) {
            String[] statusLine = line(in).split(" ", 3);
            if (statusLine.length < 2
                    || !statusLine[0].matches("HTTP/1\\.[01]")
                    || !statusLine[1].matches("[1-5][0-9]{2}")) {
                throw new IOException("the answer is not HTTP");
            }
            int status = Integer.parseInt(statusLine[1]);
            Map<String, String> headers = headers(in);
            if (status >= 200) {
                boolean bodiless = status == 204 || status == 304;
                return new HttpReply(status, headers, bodiless ? "" : body(in, headers));
            }
        }
    }

    private static Map<String, String> headers(InputStream in) throws IOException {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String field = line(in); !field.isEmpty(); field = line(in)) {
            int colon = field.indexOf(':');
            if (colon < 1 || headers.size() >= MAX_FIELDS) {
                throw new IOException("the answer's header is broken");
            }
            headers.put(field.substring(0, colon), field.substring(colon + 1).strip());
        }
        return headers;
    }

    private static String body(InputStream in, Map<String, String> headers) throws IOException {
        byte[] body;
        if (headers.getOrDefault("Transfer-Encoding", "")
                .toLowerCase(Locale.ROOT)
                .endsWith("chunked")) {
            body = chunks(in);
        } else if (headers.getOrDefault("Content-Length", "").matches("[0-9]{1,18}")) {
            long length = Long.parseLong(headers.get("Content-Length"));
            body = in.readNBytes((int) Math.min(length, MAX_BODY));
            if (body.length < Math.min(length, MAX_BODY)) {
                throw new EOFException("the answer is cut short");
            }
        } else {
            body = in.readNBytes(MAX_BODY);
        }
        return new String(body, StandardCharsets.UTF_8);
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (body.size() < MAX_BODY) {
            String size = line(in).split(";", 2)[0].strip();
            if (!size.matches("[0-9A-Fa-f]{1,8}")) {
                throw new IOException("the answer's chunks are broken");
            }
            int length = (int) Math.min(Long.parseLong(size, 16), MAX_BODY - body.size());
            if (length == 0) {
                break;
            }
            byte[] chunk = in.readNBytes(length);
            if (chunk.length < length) {
                throw new EOFException("the answer is cut short");
            }
            body.writeBytes(chunk);
            if (body.size() < MAX_BODY) {
                line(in);
            }
        }
        return body.toByteArray();
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException(
                        line.isEmpty() ? "the connection was closed without an answer" : "the answer is cut short");
            }
            line.append((char) c);
            if (line.length() > MAX_LINE) {
                throw new IOException("the answer's header is too long");
            }
        }
        int end = line.length();
        return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
    }
}
