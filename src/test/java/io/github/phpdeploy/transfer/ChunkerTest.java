package io.github.phpdeploy.transfer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ChunkerTest {

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(42).nextBytes(bytes);
        return bytes;
    }

    private static Chunks cut(byte[] bytes, int step) {
        Chunker chunker = new Chunker();
        for (int at = 0; at < bytes.length; at += step) {
            chunker.update(bytes, at, Math.min(step, bytes.length - at));
        }
        return chunker.finish();
    }

    private static List<String> digests(Chunks chunks) {
        List<String> digests = new ArrayList<>();
        for (int i = 0; i < chunks.count(); i++) {
            digests.add(chunks.digest(i));
        }
        return digests;
    }

    @Test
    void theCutsDoNotDependOnHowTheFileIsRead() {
        byte[] bytes = noise(3_000_000);
        Chunks whole = cut(bytes, bytes.length);
        assertThat(cut(bytes, 1)).isEqualTo(whole);
        assertThat(cut(bytes, 777)).isEqualTo(whole);
        assertThat(cut(bytes, 64 * 1024)).isEqualTo(whole);
    }

    @Test
    void theyAreTheSameInEveryVersion() {
        Chunks chunks = cut(noise(100_000), 100_000);

        List<Integer> lengths = new ArrayList<>();
        for (int i = 0; i < chunks.count(); i++) {
            lengths.add(chunks.length(i));
        }
        assertThat(lengths).isEqualTo(CUTS);
    }

    private static final List<Integer> CUTS =
            List.of(13464, 9267, 8557, 10909, 9073, 8955, 9015, 9999, 9402, 8266, 3093);

    @Test
    void theLengthsAddUpAndHaveTheirBounds() {
        for (byte[] bytes : List.of(noise(2_000_000), new byte[2_000_000])) {
            Chunks chunks = cut(bytes, 64 * 1024);
            long sum = 0;
            for (int i = 0; i < chunks.count(); i++) {
                sum += chunks.length(i);
                assertThat(chunks.length(i)).isLessThan(64 * 1024);
                if (i < chunks.count() - 1) {
                    assertThat(chunks.length(i)).isGreaterThan(2 * 1024);
                }
            }
            assertThat(sum).isEqualTo(bytes.length);
        }
        assertThat(cut(new byte[0], 1)).isEqualTo(Chunks.NONE);
    }

    @Test
    void anInsertedByteMovesOnlyTheCutsAroundIt() {
        byte[] before = noise(4_000_000);
        byte[] after = new byte[before.length + 1];
        System.arraycopy(before, 0, after, 0, 2_000_000);
        System.arraycopy(before, 2_000_000, after, 2_000_001, 2_000_000);
        Set<String> fresh = new HashSet<>(digests(cut(after, 4096)));
        int all = fresh.size();
        fresh.removeAll(digests(cut(before, 4096)));
        assertThat(all).isGreaterThan(300);
        assertThat(fresh).hasSizeBetween(1, 3);
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThat(Chunks.parse("abcdefg", "00ff").length(0)).isEqualTo(255);
        assertThat(Chunks.parse("abcdefg", "").count()).isEqualTo(1);
        for (List<String> text : List.of(
                List.of("abcdef", ""),
                List.of("abcdefg", "00f"),
                List.of("abcdefg", "00ff00ff"),
                List.of("abcdef+", "00ff"),
                List.of("abcdefg", "00fg"))) {
            assertThatThrownBy(() -> Chunks.parse(text.get(0), text.get(1)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
