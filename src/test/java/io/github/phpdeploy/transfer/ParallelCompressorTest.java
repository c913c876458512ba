package io.github.phpdeploy.transfer;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.GZIPInputStream;

import io.github.phpdeploy.it.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ParallelCompressorTest {

    @TempDir
    Path temp;

    private static byte[] compressed(byte[] content, int piece) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ParallelCompressor gzip = new ParallelCompressor(out, new GzipCodec())) {
            for (int at = 0; at < content.length; at += piece) {
                gzip.write(content, at, Math.min(piece, content.length - at));
            }
        }
        return out.toByteArray();
    }

    private static byte[] text(int size) {
        Random random = new Random(size);
        byte[] text = new byte[size];
        for (int i = 0; i < size; i++) {
            text[i] = (byte) ('a' + random.nextInt(4));
        }
        return text;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, GzipCodec.BLOCK - 1, GzipCodec.BLOCK, GzipCodec.BLOCK + 1, 9_000_000})
    void whatGoesInComesOut(int size) throws IOException {
        byte[] content = text(size);
        byte[] packed = compressed(content, 10_000);
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
        Path file = Files.write(temp.resolve("packed.gz"), packed);
        for (String program : new String[] {"gzip", "busybox gzip"}) {
            Server.run("sh", "-c", program + " -dc <" + file + " >" + temp.resolve("unpacked"));
            assertThat(temp.resolve("unpacked")).hasBinaryContent(content);
        }
        assertThat(packed.length).isLessThan(size / 2 + 60);
    }

    @Test
    void whatIsCompressedAlreadyGrowsByLittle() throws IOException {
        byte[] random = new byte[3_000_000];
        new Random(1).nextBytes(random);
        assertThat(compressed(random, 1 << 20).length).isBetween(3_000_000, 3_005_000);
    }
}
