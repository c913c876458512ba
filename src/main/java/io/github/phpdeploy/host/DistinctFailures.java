package io.github.phpdeploy.host;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A stream each of whose failures is an exception of its own. sshj throws one and the same from every call once a connection
 * has broken, and try-with-resources cannot suppress an exception in favour of itself.
 */
final class DistinctFailures extends FilterOutputStream {

    DistinctFailures(OutputStream out) {
        super(out);
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void distinct(Step step) throws IOException {
        try {
            step.run();
        } catch (IOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void write(int b) throws IOException {
        distinct(() -> out.write(b));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        distinct(() -> out.write(bytes, offset, length));
    }

    @Override
    public void flush() throws IOException {
        distinct(out::flush);
    }

    @Override
    public void close() throws IOException {
        distinct(out::close);
    }
}
