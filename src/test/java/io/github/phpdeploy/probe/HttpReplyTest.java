package io.github.phpdeploy.probe;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class HttpReplyTest {

    private static HttpReply read(String text) throws IOException {
        return HttpReply.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void readsABodyOfKnownLength() throws IOException {
        HttpReply reply = read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello and more");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo("hello");
        assertThat(reply.headers()).containsEntry("x-a", "b");
    }

    @Test
    void readsChunks() throws IOException {
        assertThat(
                        read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")
                                .body())
                .isEqualTo("hello world");
    }

    @Test
    void readsToTheEnd() throws IOException {
        assertThat(read("HTTP/1.0 503 Busy\n\nsorry"))
                .isEqualTo(new HttpReply(503, new java.util.TreeMap<>(), "sorry"));
    }

    @Test
    void passesOverInterimAnswers() throws IOException {
        assertThat(read("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 None\r\n\r\n")
                        .status())
                .isEqualTo(204);
    }

    @Test
    void boundsTheBody() throws IOException {
        assertThat(read("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(3_000_000)).body())
                .hasSize(HttpReply.MAX_BODY);
        String chunk = "100000\r\n" + "x".repeat(0x100000) + "\r\n";
        assertThat(read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + chunk)
                        .body())
                .hasSize(HttpReply.MAX_BODY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SSH-2.0-OpenSSH\r\n",
                "HTTP/2 200\r\n\r\n",
                "HTTP/1.1 999 x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe",
                "HTTP/1.1 200 OK\r\nbroken\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe",
                "HTTP/1.1 200 OK\r\nX: y"
            })
    void whatIsNoAnswerIsAnError(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(IOException.class);
    }

    @Test
    void anEndlessHeaderIsAnError() {
        assertThatThrownBy(() -> read("HTTP/1.1 200 OK\r\nX: " + "y".repeat(100_000)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("too long");
        assertThatThrownBy(() -> {
                    StringBuilder many = new StringBuilder("HTTP/1.1 200 OK\r\n");
                    for (int i = 0; i < 1000; i++) {
                        many.append("X-").append(i).append(": y\r\n");
                    }
                    read(many.toString());
                })
                .isInstanceOf(IOException.class);
    }
}
