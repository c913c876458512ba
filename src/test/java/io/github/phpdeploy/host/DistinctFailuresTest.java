package io.github.phpdeploy.host;

import java.io.IOException;
import java.io.OutputStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DistinctFailuresTest {

    /** As sshj's streams are once the connection is gone. */
    private static final class Broken extends OutputStream {

        private final IOException always = new IOException("the connection is gone");

        @Override
        public void write(int b) throws IOException {
            throw always;
        }

        @Override
        public void flush() throws IOException {
            throw always;
        }

        @Override
        public void close() throws IOException {
            throw always;
        }
    }

    @Test
    void whatFailsTwiceIsToldOnce() {
        assertThatThrownBy(() -> {
                    try (OutputStream stream = new DistinctFailures(new Broken())) {
                        stream.write(new byte[] {1, 2, 3});
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessage("the connection is gone")
                .satisfies(failure -> assertThatThrownBy(() -> {
                            throw failure.getSuppressed()[0];
                        })
                        .hasMessage("the connection is gone"));
    }
}
