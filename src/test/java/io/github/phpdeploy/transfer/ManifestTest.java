package io.github.phpdeploy.transfer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ManifestTest {

    private static final String HASH = "0123456789abcdef".repeat(4);

    private static final List<ManifestEntry> ENTRIES = List.of(
            ManifestEntry.directory("src"),
            ManifestEntry.file("src/a.php", false, 42, HASH),
            ManifestEntry.file("bin/run", true, 1L << 40, HASH),
            ManifestEntry.link("link", "src/a.php"),
            ManifestEntry.file("tab\there", false, 0, HASH),
            ManifestEntry.link("tab\tlink", "x"),
            ManifestEntry.link("to tab", "x\ty"),
            ManifestEntry.file("new\nline\\n", false, 1, HASH),
            ManifestEntry.file("back\\slash", false, 1, HASH),
            ManifestEntry.file("é", false, 1, HASH),
            ManifestEntry.file("\uD83D\uDE00", false, 1, HASH),
            ManifestEntry.file("\uFFFD", false, 1, HASH));

    @Test
    void itsTextReadsBack() {
        Manifest manifest = Manifest.of(ENTRIES);
        Manifest again = Manifest.parse(manifest.bytes()).orElseThrow();
        assertThat(again.entries().values())
                .containsExactlyElementsOf(manifest.entries().values());
        assertThat(again.digest()).isEqualTo(manifest.digest()).matches("[0-9a-f]{64}");
        assertThat(manifest.files()).isEqualTo(11);
        assertThat(manifest.size()).isEqualTo(42 + (1L << 40) + 5);
    }

    @Test
    void itDoesNotDependOnTheOrderOfItsEntries() {
        List<ManifestEntry> shuffled = new ArrayList<>(ENTRIES);
        Collections.shuffle(shuffled, new Random(3));
        assertThat(Manifest.of(shuffled).bytes()).isEqualTo(Manifest.of(ENTRIES).bytes());
    }

    @Test
    void itIsSortedAsBytesNotAsJavaStrings() {
        // U+1F600 is a surrogate pair in Java and sorts before U+FFFD there, but not in UTF-8
        assertThat(Manifest.of(ENTRIES).entries().keySet()).containsSubsequence("é", "\uFFFD", "\uD83D\uDE00");
    }

    @Test
    void itsFormatIsThis() {
        Manifest manifest = Manifest.of(List.of(
                ManifestEntry.file("a b", true, 7, HASH),
                ManifestEntry.directory("d"),
                ManifestEntry.link("l", "a b"),
                ManifestEntry.file("n\nl", false, 7, HASH)));
        assertThat(new String(manifest.bytes(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "php-deploy-manifest 1\nf x 7 " + HASH + "\ta b\nd\td\nl\tl\ta b\nF - 7 " + HASH + "\tn\\nl\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "php-deploy-manifest 1",
                "php-deploy-manifest 2\nd\ta\n",
                "php-deploy-manifest 1\nd\ta",
                "php-deploy-manifest 1\nd\tb\nd\ta\n",
                "php-deploy-manifest 1\nd\ta\nd\ta\n",
                "php-deploy-manifest 1\nx\ta\n",
                "php-deploy-manifest 1\nd\t\n",
                "php-deploy-manifest 1\nd\t/etc\n",
                "php-deploy-manifest 1\nd\ta/../../b\n",
                "php-deploy-manifest 1\nf - 7 abc\ta\n",
                "php-deploy-manifest 1\nf - x 0123\ta\n",
                "php-deploy-manifest 1\nl\ta\n",
                "php-deploy-manifest 1\nD\ta\\\n",
                "php-deploy-manifest 1\nD\ta\\x\n",
                "<html>\n"
            })
    void whatIsNoneIsRefused(String text) {
        assertThat(Manifest.parse(text.getBytes(StandardCharsets.UTF_8))).isEmpty();
    }

    @Test
    void pathsAreComparedAsTheirBytes() {
        List<String> paths = List.of("", "a", "ab", "é", "\uD7FF", "\uE000", "\uFFFD", "😀", "😀a", "\uDBFF\uDFFF");
        for (String one : paths) {
            for (String other : paths) {
                int bytes = java.util.Arrays.compareUnsigned(
                        one.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        other.getBytes(java.nio.charset.StandardCharsets.UTF_8));
                assertThat(Integer.signum(Manifest.compareAsBytes(one, other))).isEqualTo(Integer.signum(bytes));
            }
        }
    }

    @Test
    void aChangeSetIsTheDifference() {
        Manifest before = Manifest.of(List.of(
                ManifestEntry.file("same", false, 1, HASH),
                ManifestEntry.file("content", false, 1, HASH),
                ManifestEntry.file("mode", false, 1, HASH),
                ManifestEntry.file("gone", false, 1, HASH),
                ManifestEntry.directory("kind")));
        Manifest after = Manifest.of(List.of(
                ManifestEntry.file("same", false, 1, HASH),
                ManifestEntry.file("content", false, 1, HASH.replace('0', '1')),
                ManifestEntry.file("mode", true, 1, HASH),
                ManifestEntry.file("kind", false, 5, HASH.replace('0', '5')),
                ManifestEntry.file("new", false, 7, HASH.replace('0', '7'))));
        ChangeSet changes = ChangeSet.between(Optional.of(new Base("1", before.entries())), after, HostTools.NONE);
        assertThat(changes.added()).extracting(ManifestEntry::path).containsExactly("content", "kind", "mode", "new");
        assertThat(changes.dropped())
                .extracting(ManifestEntry::path)
                .containsExactly("content", "gone", "kind", "mode");
        assertThat(changes.reused()).isEqualTo(1);
        assertThat(changes.sent().size()).isEqualTo(4);
        assertThat(changes.bytesToSend()).isEqualTo(14);
        assertThat(ChangeSet.between(Optional.empty(), after, HostTools.NONE).added())
                .hasSize(5);

        Base brief = new Base("1", Manifest.entries(before.brief()).orElseThrow());
        assertThat(brief.entries().get("same").hash()).hasSize(Manifest.BRIEF_HASH);
        assertThat(ChangeSet.between(Optional.of(brief), after, HostTools.NONE).added())
                .isEqualTo(changes.added());
    }
}
