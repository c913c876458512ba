package io.github.phpdeploy.transfer;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FileTimesTest {

    private static final String HASH = "0".repeat(64);

    private final Manifest manifest = Manifest.of(List.of(
            ManifestEntry.file("a", false, 1, HASH),
            ManifestEntry.directory("b"),
            ManifestEntry.file("b/c", true, 2, HASH),
            ManifestEntry.link("b/d", "c"),
            ManifestEntry.file("e", false, 3, HASH)));
    private final Map<String, Long> times = Map.of("a", 100L, "b/c", 100L, "e", 200L);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void timesInARowAreCounted() {
        String text = FileTimes.text(manifest, times);
        assertThat(text).isEqualTo("php-deploy-times 1 " + manifest.digest() + "\n2 100\n1 200\n");
        assertThat(FileTimes.digest(bytes(text))).contains(manifest.digest());
        assertThat(FileTimes.parse(bytes(text), manifest.entries())).contains(times);
        assertThat(FileTimes.parse(bytes(FileTimes.text(Manifest.of(List.of()), Map.of())), Map.of()))
                .contains(Map.of());
    }

    @Test
    void whatDoesNotFitIsNotBelieved() {
        String head = "php-deploy-times 1 " + manifest.digest() + "\n";
        for (String rest : List.of("", "2 100\n", "4 100\n", "2 100\n1 200\n1 300\n", "x 100\n", "3\n", "-1 5\n")) {
            assertThat(FileTimes.parse(bytes(head + rest), manifest.entries()))
                    .as(rest)
                    .isEmpty();
        }
        assertThat(FileTimes.digest(bytes("php-deploy-times 2 " + HASH))).isEmpty();
        assertThat(FileTimes.digest(bytes(""))).isEmpty();
    }

    @Test
    void theIndexOfAShellServesAsWell() {
        String index = """
                php-deploy-index 1;1700000009.5
                f 644 12 77 1700000000.1234567890;1700000001.0000000000\ta b
                d\tdir
                f 755 3 78 1700000005;1700000006\tdir/x
                l\tlink\ttarget
                f broken\ty
                """;
        assertThat(FileTimes.ofIndex(bytes(index))).isEqualTo(Map.of("a b", 1700000000L, "dir/x", 1700000005L));
    }
}
