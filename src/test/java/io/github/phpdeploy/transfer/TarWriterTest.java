package io.github.phpdeploy.transfer;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Date;
import java.util.List;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TarWriterTest {

    @TempDir
    Path temp;

    private static byte[] archive() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TarWriter tar = new TarWriter(out, 1_700_000_000L)) {
            tar.directory("d/");
            for (int length : List.of(1, 99, 100, 101, 155, 255, 256, 400)) {
                String name = ("d/" + "n".repeat(200) + "/" + "m".repeat(200)).substring(0, length);
                byte[] content = name.getBytes(StandardCharsets.UTF_8);
                tar.file(name + "!", length % 2 == 1, content.length, new ByteArrayInputStream(content));
                tar.link(name + ".l", "t".repeat(length));
            }
            tar.file("d/new\nline ü '\"\\ -rf", "x".getBytes(StandardCharsets.UTF_8));
            tar.file("d/secret", 0600, new byte[512]);
            tar.file("d/empty", new byte[0]);
        }
        return out.toByteArray();
    }

    @Test
    void anotherReaderReadsIt() throws Exception {
        try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(archive()), "UTF-8")) {
            TarArchiveEntry first = in.getNextEntry();
            assertThat(first.isDirectory()).isTrue();
            assertThat(first.getMode()).isEqualTo(0755);
            assertThat(first.getModTime()).isEqualTo(new Date(1_700_000_000_000L));
            int entries = 1;
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                entries++;
                if (entry.getName().endsWith("!")) {
                    String content = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                    assertThat(content + "!").isEqualTo(entry.getName());
                    assertThat(entry.getMode()).isEqualTo(content.length() % 2 == 1 ? 0755 : 0644);
                } else if (entry.isSymbolicLink()) {
                    assertThat(entry.getLinkName()).hasSize(entry.getName().length() - 2);
                } else if (entry.getName().equals("d/secret")) {
                    assertThat(entry.getMode()).isEqualTo(0600);
                }
            }
            assertThat(entries).isEqualTo(20);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tar", "busybox tar"})
    void theToolsOfHostsUnpackIt(String tar) throws Exception {
        Path out = Files.createDirectory(temp.resolve("out"));
        Path file = Files.write(temp.resolve("a.tar"), archive());
        Process process = new ProcessBuilder("sh", "-c", tar + " -xopf - <'" + file + "'")
                .directory(out.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).isEmpty();
        String longest = ("d/" + "n".repeat(200) + "/" + "m".repeat(200)).substring(0, 400);
        assertThat(out.resolve(longest + "!")).hasContent(longest);
        assertThat(Files.readSymbolicLink(out.resolve(longest + ".l"))).hasToString("t".repeat(400));
        assertThat(out.resolve("d/new\nline ü '\"\\ -rf")).hasContent("x");
    }

    @Test
    void aStreamOfAnotherLengthIsTold() throws Exception {
        try (TarWriter tar = new TarWriter(new ByteArrayOutputStream(), 0)) {
            assertThat(tar.file("a", false, 10, new ByteArrayInputStream(new byte[9])))
                    .isEqualTo(9);
            assertThat(tar.file("b", false, 10, new ByteArrayInputStream(new byte[11])))
                    .isGreaterThan(10);
        }
    }

    @Test
    void sizesBeyondEightGibibytesAreReadable() throws Exception {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        long size = (1L << 33) + 12345;
        TarWriter tar = new TarWriter(head, 0);
        tar.file("huge", false, size, InputStream.nullInputStream());
        try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(head.toByteArray()))) {
            assertThat(in.getNextEntry().getSize()).isEqualTo(size);
        }
    }
}
