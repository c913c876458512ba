package io.github.phpdeploy.transfer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.ShellUnderTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What a host has under another name, or as a part of another file, does not travel. */
class DerivedFilesTest {

    private static final int LARGE = 4_000_000;

    @TempDir
    Path temp;

    private UploadBench bench;

    private record Way(Host host, HostTools tools) {

        @Override
        public String toString() {
            return host + " with " + tools.interpreter().orElse("nothing");
        }
    }

    static Stream<Host> hosts() {
        return Stream.of(ShellUnderTest.dash(), ShellUnderTest.busybox(), ShellUnderTest.bsdtar());
    }

    static Stream<Way> ways() {
        return Stream.of("perl", "php", "python3")
                .flatMap(interpreter -> Stream.of(ShellUnderTest.dash(), ShellUnderTest.busybox(interpreter))
                        .map(host -> new Way(host, HostTools.among(Set.of(interpreter)))));
    }

    @BeforeEach
    void directories() throws IOException {
        bench = new UploadBench(temp);
    }

    private static byte[] noise(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** One percent in ten places is another. */
    private static byte[] changed(byte[] bytes) {
        byte[] changed = bytes.clone();
        for (int place = 0; place < 10; place++) {
            byte[] piece = noise(place, bytes.length / 1000);
            System.arraycopy(piece, 0, changed, bytes.length / 10 * place + bytes.length / 31, piece.length);
        }
        return changed;
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void aRenamedDirectoryIsLinked(Host host) throws IOException {
        for (int i = 0; i < 250; i++) {
            bench.write("old/deep er/file " + i, "content " + i);
        }
        for (String name : new String[] {"-rf", "a'b", "tab\there", "$(id)", "*", "ü", " blank "}) {
            bench.write("old/" + name, "content of " + name);
        }
        Base base = bench.first(host, "1");
        Files.move(bench.local().resolve("old"), bench.local().resolve("new"));
        Files.move(bench.local().resolve("new/a'b"), bench.local().resolve("new/another name"));
        Files.copy(bench.local().resolve("new/-rf"), bench.local().resolve("-copy"));

        UploadReport report = bench.upload(host, "2", Optional.of(base), HostTools.NONE);
        assertThat(bench.release("2")).exists();
        assertThat(Trees.contents(bench.release("2"))).isEqualTo(Trees.contents(bench.local()));
        assertThat(report.filesSent()).isZero();
        assertThat(report.filesReused()).isEqualTo(258);
        assertThat(report.repaired()).isZero();
        assertThat(UploadTest.inode(bench.release("2").resolve("new/deep er/file 7")))
                .isEqualTo(UploadTest.inode(bench.release("1").resolve("old/deep er/file 7")));
    }

    @Test
    void anOddNameAndAnotherExecutableBitTravel() throws IOException {
        bench.write("plain", "content");
        try (Host host = ShellUnderTest.dash()) {
            Base base = bench.first(host, "1");
            bench.write("new\nline", "content");
            bench.write("run", "content");
            bench.local().resolve("run").toFile().setExecutable(true);
            UploadReport report = bench.upload(host, "2", Optional.of(base), HostTools.NONE);
            assertThat(Trees.contents(bench.release("2"))).isEqualTo(Trees.contents(bench.local()));
            assertThat(report.filesSent()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void whatIsNotWhatItWasAtItsOldPathIsSent(Host host) throws IOException {
        bench.write("old/a", "as it was");
        bench.write("old/b", "as it was, too");
        Base base = bench.first(host, "1");
        Files.writeString(bench.release("1").resolve("old/a"), "otherwise");
        Files.delete(bench.release("1").resolve("old/b"));
        Files.move(bench.local().resolve("old"), bench.local().resolve("new"));

        UploadReport report = bench.upload(host, "2", Optional.of(base), HostTools.NONE);
        assertThat(Trees.contents(bench.release("2"))).isEqualTo(Trees.contents(bench.local()));
        assertThat(report.repaired()).isEqualTo(2);
    }

    @Test
    void aHashThatOnlyBeginsTheSameIsFoundOut() throws IOException {
        bench.write("old", "one content");
        try (Host host = ShellUnderTest.dash()) {
            Base base = bench.first(host, "1");
            ManifestEntry real = base.entries().get("old");
            Files.delete(bench.local().resolve("old"));
            bench.write("new", "two content");
            ManifestEntry next = bench.tree().manifest().entries().get("new");
            // what a collision of brief hashes would look like
            ManifestEntry lie =
                    ManifestEntry.file("old", false, real.size(), next.hash().substring(0, Manifest.BRIEF_HASH));
            UploadReport report =
                    bench.upload(host, "2", Optional.of(new Base("1", java.util.Map.of("old", lie))), HostTools.NONE);
            assertThat(Files.readString(bench.release("2").resolve("new"))).isEqualTo("two content");
            assertThat(report.repaired()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aLargeFileIsPutTogether(Way way) throws IOException {
        byte[] content = noise(99, LARGE);
        bench.write("some where/large.bin", content);
        bench.write("small", "small");
        Base base = bench.first(way.host(), "1");

        bench.write("some where/large.bin", changed(content));
        bench.local().resolve("some where/large.bin").toFile().setExecutable(true);
        UploadReport report = bench.upload(way.host(), "2", Optional.of(base), way.tools());
        Path made = bench.release("2").resolve("some where/large.bin");
        assertThat(made).hasBinaryContent(changed(content));
        assertThat(Files.isExecutable(made)).isTrue();
        assertThat(Files.getLastModifiedTime(made)).isEqualTo(FileTime.from(UploadTest.TIME));
        assertThat(report.repaired()).isZero();
        assertThat(report.filesSent()).isEqualTo(1);
        assertThat(report.wireBytes()).isLessThan(LARGE * 8 / 100);

        // its manifest, which the host has put together too, serves the next one
        Base second = new Base(
                "2",
                Manifests.brief(way.host(), bench.site(), "2", new ManifestCache(temp.resolve("cache")))
                        .orElseThrow()
                        .entries()
                        .orElseThrow());
        byte[] longer = new byte[LARGE + 5];
        System.arraycopy(changed(content), 0, longer, 5, LARGE);
        bench.write("moved", longer);
        Files.delete(bench.local().resolve("some where/large.bin"));
        report = bench.upload(way.host(), "3", Optional.of(second), way.tools());
        assertThat(bench.release("3").resolve("moved")).hasBinaryContent(longer);
        assertThat(bench.release("3").resolve("some where/large.bin")).doesNotExist();
        assertThat(report.wireBytes()).isLessThan(LARGE / 50);
        assertThat(report.repaired()).isZero();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void whatItWouldBePutTogetherOfIsDamagedSoItTravels(Way way) throws IOException {
        byte[] content = noise(99, LARGE);
        bench.write("large", content);
        bench.write("gone", noise(98, LARGE));
        Base base = bench.first(way.host(), "1");
        Files.write(bench.release("1").resolve("large"), noise(1, LARGE));
        Files.delete(bench.release("1").resolve("gone"));

        bench.write("large", changed(content));
        bench.write("gone", changed(noise(98, LARGE)));
        UploadReport report = bench.upload(way.host(), "2", Optional.of(base), way.tools());
        assertThat(UploadTest.binary(bench.release("2"))).isEqualTo(UploadTest.binary(bench.local()));
        assertThat(report.repaired()).isEqualTo(2);
        assertThat(report.wireBytes()).isGreaterThan(2L * LARGE);
    }

    @Test
    void withoutAnInterpreterTheWholeFileTravels() throws IOException {
        byte[] content = noise(99, LARGE);
        bench.write("large", content);
        try (Host host = ShellUnderTest.busybox()) {
            Base base = bench.first(host, "1");
            bench.write("large", changed(content));
            UploadReport report = bench.upload(host, "2", Optional.of(base), HostTools.NONE);
            assertThat(bench.release("2").resolve("large")).hasBinaryContent(changed(content));
            assertThat(report.wireBytes()).isGreaterThan(LARGE);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Test
    void zstdServesWhereTheHostHasIt() throws IOException {
        StringBuilder text = new StringBuilder();
        Random random = new Random(5);
        while (text.length() < 9_000_000) {
            text.append("word").append(random.nextInt(5000)).append(' ');
        }
        bench.write("text", text.toString());
        try (Host host = ShellUnderTest.dash()) {
            UploadReport report = bench.upload(host, "1", Optional.empty(), HostTools.among(Set.of("zstd")));
            assertThat(Trees.contents(bench.release("1"))).isEqualTo(Trees.contents(bench.local()));
            assertThat(report.wireBytes()).isLessThan(text.length() / 2);
        }
        // it is not gzip that came: a host without the program cannot unpack it
        try (Host host = ShellUnderTest.busybox()) {
            assertThatThrownBy(() -> bench.upload(host, "2", Optional.empty(), HostTools.among(Set.of("zstd"))))
                    .hasMessageContaining("the new files could not be unpacked");
        }
    }
}
