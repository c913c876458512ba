package io.github.phpdeploy.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.TimeZone;

import io.github.phpdeploy.PhpDeployException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ReleaseArchiveTest {

    private static final Instant TIME = Instant.parse("2026-11-21T21:42:01Z");

    @TempDir
    Path temp;

    private Path app;

    @BeforeEach
    void application() throws IOException {
        app = Files.createDirectory(temp.resolve("app"));
        write(app);
    }

    private static void write(Path root) throws IOException {
        Files.createDirectories(root.resolve("ünï/" + "long".repeat(40)));
        Files.writeString(root.resolve("ünï/" + "long".repeat(40) + "/file with 漢字.php"), "<?php");
        Files.writeString(root.resolve("run"), "#!/bin/sh");
        root.resolve("run").toFile().setExecutable(true);
        Files.createSymbolicLink(root.resolve("link"), Path.of("run"));
        Files.createDirectory(root.resolve("empty"));
        Files.writeString(root.resolve("-dash"), "x");
    }

    private Path pack(Path root, ReleaseArchive.Format format, String name) {
        Path archive = temp.resolve(name);
        ReleaseArchive.write(Application.scan(root, Selection.standard()), format, TIME, archive);
        return archive;
    }

    @ParameterizedTest
    @EnumSource
    void isTheSameByteForByteWhereverItIsBuilt(ReleaseArchive.Format format) throws IOException {
        Path first = pack(app, format, "one");
        Path other = Files.createDirectory(temp.resolve("elsewhere"));
        write(other);
        other.resolve("-dash").toFile().setReadable(false, false);
        other.resolve("-dash").toFile().setReadable(true, true);
        Files.setLastModifiedTime(other.resolve("run"), FileTime.from(Instant.EPOCH));
        TimeZone zone = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Auckland"));
            assertThat(pack(other, format, "two")).hasSameBinaryContentAs(first);
        } finally {
            TimeZone.setDefault(zone);
        }
    }

    @Test
    void tarUnpacksToTheApplication() throws Exception {
        Path archive = pack(app, ReleaseArchive.Format.TAR_GZ, "a.tar.gz");
        Path out = Files.createDirectory(temp.resolve("out"));
        run(out, "tar", "-xpf", archive.toString());
        assertThat(run(temp, "diff", "-r", "--no-dereference", app.toString(), out.toString()))
                .isEmpty();
        assertThat(Files.isExecutable(out.resolve("run"))).isTrue();
        assertThat(Files.isExecutable(out.resolve("-dash"))).isFalse();
        assertThat(Files.getLastModifiedTime(out.resolve("run"))).isEqualTo(FileTime.from(TIME));
        assertThat(run(temp, "tar", "--numeric-owner", "-tvf", archive.toString())
                        .lines())
                .allMatch(line -> line.contains(" 0/0 "))
                .anyMatch(line -> line.startsWith("-rwxr-xr-x") && line.endsWith(" run"))
                .anyMatch(line -> line.startsWith("lrwxrwxrwx") && line.endsWith(" link -> run"))
                .anyMatch(line -> line.startsWith("drwxr-xr-x") && line.endsWith(" empty/"));
    }

    @Test
    void zipUnpacksToTheApplication() throws Exception {
        Path archive = pack(app, ReleaseArchive.Format.ZIP, "a.zip");
        Path out = Files.createDirectory(temp.resolve("out"));
        // python's zipfile is everywhere, and shows modes and links as they are stored
        String listing = run(
                out,
                "perl",
                "-MIO::Uncompress::Unzip=$UnzipError",
                "-e",
                "my $u = IO::Uncompress::Unzip->new($ARGV[0]); my $s;"
                        + " for ($s = 1; $s > 0; $s = $u->nextStream()) { my $c = join '', <$u>;"
                        + " print $u->getHeaderInfo()->{Name}, '=', length $c, \"\\n\" }",
                archive.toString());
        assertThat(listing.lines()).contains("run=9", "link=3", "empty/=0", "-dash=1");
        try (var zip = org.apache.commons.compress.archivers.zip.ZipFile.builder()
                .setPath(archive)
                .get()) {
            assertThat(zip.getEntry("run").getUnixMode()).isEqualTo(0100755);
            assertThat(zip.getEntry("-dash").getUnixMode()).isEqualTo(0100644);
            assertThat(zip.getEntry("link").isUnixSymlink()).isTrue();
        }
    }

    private static String run(Path directory, String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    @Test
    void aFormatThatIsNoneIsRefused() {
        assertThat(ReleaseArchive.Format.parse(" zip ")).isEqualTo(ReleaseArchive.Format.ZIP);
        assertThatThrownBy(() -> ReleaseArchive.Format.parse("rar"))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("php.format to tar.gz or zip");
    }

    @Test
    void aFileThatVanishedLeavesNoHalfArchive() throws IOException {
        List<ApplicationFile> files = Application.scan(app, Selection.standard());
        Files.delete(app.resolve("run"));
        assertThatThrownBy(() -> ReleaseArchive.write(files, ReleaseArchive.Format.ZIP, TIME, temp.resolve("half.zip")))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("could not be written");
        assertThat(temp.resolve("half.zip")).doesNotExist();
    }
}
