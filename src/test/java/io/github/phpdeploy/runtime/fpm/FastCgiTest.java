package io.github.phpdeploy.runtime.fpm;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.phpdeploy.host.Wire;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FastCgiTest {

    private static byte[] record(int type, String content, int padding) {
        byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(
                new byte[] {1, (byte) type, 0, 1, (byte) (bytes.length >> 8), (byte) bytes.length, (byte) padding, 0});
        out.writeBytes(bytes);
        out.writeBytes(new byte[padding]);
        return out.toByteArray();
    }

    private static FastCgi.Reply answer(byte[]... records) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] each : records) {
            all.writeBytes(each);
        }
        return FastCgi.answer(new DataInputStream(new ByteArrayInputStream(all.toByteArray())));
    }

    private static final byte[] END = record(3, "\0\0\0\0\0\0\0\0", 0);

    @Test
    void anAnswerIsPutTogetherFromItsRecords() throws IOException {
        FastCgi.Reply reply = answer(
                record(6, "Status: 503 Gone fishing\r\nX-A: b", 3),
                record(7, "PHP message: oh", 0),
                record(6, ": c\r\n\r\nbo", 7),
                record(6, "dy\n", 0),
                record(6, "", 0),
                END);
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.headers()).containsEntry("x-a", "b: c");
        assertThat(reply.body()).isEqualTo("body\n");
        assertThat(reply.errors()).isEqualTo("PHP message: oh");
        assertThat(answer(record(6, "Content-type: text/html\n\nx", 0), END).status())
                .isEqualTo(200);
    }

    @Test
    void whatIsNoAnswerIsSaid() {
        assertThatThrownBy(FastCgiTest::answer)
                .isInstanceOf(EOFException.class)
                .hasMessageContaining("without an answer");
        assertThatThrownBy(() -> answer(record(6, "X: y\r\n\r\nbody", 0))).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> answer("HTTP/1.1 400 Bad Request".getBytes(StandardCharsets.US_ASCII)))
                .hasMessageContaining("does not speak FastCGI");
        assertThatThrownBy(() -> answer(record(3, "\0\0\0\0\2\0\0\0", 0))).hasMessageContaining("overloaded");
        assertThatThrownBy(() -> answer(record(7, "Access denied", 0), END)).hasMessageContaining("Access denied");
    }

    @Test
    void lengthsTakeOneByteOrFour() {
        assertThat(FastCgi.pairs(Map.of("ab", "c".repeat(127))))
                .startsWith(2, 127, 'a', 'b', 'c')
                .hasSize(131);
        assertThat(FastCgi.pairs(Map.of("ab", "c".repeat(128))))
                .startsWith(new byte[] {2, (byte) 0x80, 0, 0, (byte) 128, 'a', 'b', 'c'})
                .hasSize(135);
        assertThat(FastCgi.pairs(Map.of("a", "é"))).containsExactly(1, 2, 'a', 0xc3, 0xa9);
    }

    @Test
    void aLongRequestIsSplit() throws IOException {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        ByteArrayOutputStream back = new ByteArrayOutputStream();
        back.writeBytes(record(6, "\r\n\r\n", 0));
        back.writeBytes(END);
        Map<String, String> params = new LinkedHashMap<>();
        params.put("LONG", "x".repeat(70_000));
        FastCgi.ask(Wire.of(new ByteArrayInputStream(back.toByteArray()), sent, () -> {}), params);
        byte[] bytes = sent.toByteArray();
        // begin (8 + 8), two records of parameters, the end of them, the end of an empty body
        assertThat(bytes).hasSize(16 + (8 + 65_535) + (8 + 70_009 - 65_535) + 8 + 8);
        assertThat(bytes[1]).isEqualTo((byte) 1);
        assertThat(bytes[17]).isEqualTo((byte) 4);
    }
}
