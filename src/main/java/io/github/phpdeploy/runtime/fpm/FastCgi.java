package io.github.phpdeploy.runtime.fpm;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import io.github.phpdeploy.host.Wire;

/** One request over FastCGI 1.0, in the role of the web server. Each has a connection of its own. */
final class FastCgi {

    /** How much of an answer is taken, in bytes. */
    static final int MAX_ANSWER = 8 << 20;

    private static final int VERSION = 1;
    private static final int BEGIN_REQUEST = 1;
    private static final int END_REQUEST = 3;
    private static final int PARAMS = 4;
    private static final int STDIN = 5;
    private static final int STDOUT = 6;
    private static final int STDERR = 7;
    private static final int RESPONDER = 1;
    private static final int REQUEST_ID = 1;
    private static final int MAX_CONTENT = 0xffff;
    private static final int SHORT_LENGTH = 0x7f;
    private static final int OK = 200;

    private static final String[] REFUSALS = {
        "", "it serves one request a connection only", "it is overloaded", "it knows no responders"
    };

    private FastCgi() {}

    /**
     * An answer.
     *
     * @param status the HTTP status that a web server would send
     * @param headers the header fields; names without regard to case
     * @param body the body, read as UTF-8
     * @param errors what was written to the error stream
     */
    record Reply(int status, Map<String, String> headers, String body, String errors) {}

    /**
     * Asks.
     *
     * @param wire a new connection to the pool; it is at its end afterwards
     * @param params the request's variables
     * @throws IOException when the connection ends early, what comes is not FastCGI, or the pool refuses
     */
    static Reply ask(Wire wire, Map<String, String> params) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        // without FCGI_KEEP_CONN: the pool closes, and the next request is a new connection
        record(request, BEGIN_REQUEST, new byte[] {0, RESPONDER, 0, 0, 0, 0, 0, 0});
        stream(request, PARAMS, pairs(params));
        stream(request, STDIN, new byte[0]);
        wire.out().write(request.toByteArray());
        wire.out().flush();
        return answer(new DataInputStream(new BufferedInputStream(wire.in())));
    }

    static byte[] pairs(Map<String, String> params) {
        ByteArrayOutputStream pairs = new ByteArrayOutputStream();
        params.forEach((name, value) -> {
            byte[] n = name.getBytes(StandardCharsets.UTF_8);
            byte[] v = value.getBytes(StandardCharsets.UTF_8);
            length(pairs, n.length);
            length(pairs, v.length);
            pairs.writeBytes(n);
            pairs.writeBytes(v);
        });
        return pairs.toByteArray();
    }

    private static void length(ByteArrayOutputStream out, int length) {
        if (length > SHORT_LENGTH) {
            out.write(length >>> 24 | 0x80);
            out.write(length >>> 16);
            out.write(length >>> 8);
        }
        out.write(length);
    }

    /** A stream ends with an empty record. */
    private static void stream(ByteArrayOutputStream out, int type, byte[] content) {
        for (int at = 0; at < content.length; at += MAX_CONTENT) {
            byte[] part = new byte[Math.min(MAX_CONTENT, content.length - at)];
            System.arraycopy(content, at, part, 0, part.length);
            record(out, type, part);
        }
        record(out, type, new byte[0]);
    }

    private static void record(ByteArrayOutputStream out, int type, byte[] content) {
        out.writeBytes(new byte[] {
            VERSION, (byte) type, 0, REQUEST_ID, (byte) (content.length >>> 8), (byte) content.length, 0, 0
        });
        out.writeBytes(content);
    }

    static Reply answer(DataInputStream in) throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        while (true) {
            int version = in.read();
            if (version < 0) {
                throw new EOFException("the connection was closed without an answer");
            }
            if (version != VERSION) {
                throw new IOException("what answers there does not speak FastCGI");
            }
            int type = in.readUnsignedByte();
            in.readUnsignedShort();
            int length = in.readUnsignedShort();
            int padding = in.readUnsignedByte();
            in.readUnsignedByte();
            byte[] content = new byte[length];
            in.readFully(content);
            in.readFully(new byte[padding]);
            if (type == STDOUT) {
                output.writeBytes(content);
            } else if (type == STDERR) {
                errors.writeBytes(content);
            } else if (type == END_REQUEST) {
                int refusal = length > 4 ? content[4] : 0;
                if (refusal > 0 && refusal < REFUSALS.length) {
                    throw new IOException("the pool refused the request: " + REFUSALS[refusal]);
                }
                return parse(text(output), text(errors));
            }
            if (output.size() + errors.size() > MAX_ANSWER) {
                throw new IOException("the answer does not end");
            }
        }
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** The answer is a CGI document (RFC 3875, section 6): header fields, an empty line, the body. */
    private static Reply parse(String output, String errors) throws IOException {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        int at = 0;
        while (true) {
            int end = output.indexOf('\n', at);
            if (end < 0) {
                throw new EOFException(errors.isBlank() ? "the pool said nothing" : errors.strip());
            }
            String line = output.substring(at, end).strip();
            at = end + 1;
            if (line.isEmpty()) {
                break;
            }
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        String status = headers.getOrDefault("Status", Integer.toString(OK)).split(" ", 2)[0];
        return new Reply(
                status.matches("[1-5][0-9]{2}") ? Integer.parseInt(status) : 0, headers, output.substring(at), errors);
    }
}
