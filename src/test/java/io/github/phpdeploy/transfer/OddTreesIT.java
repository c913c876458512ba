package io.github.phpdeploy.transfer;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.HostAddress;
import io.github.phpdeploy.host.ssh.SshHost;
import io.github.phpdeploy.host.ssh.SshSettings;
import io.github.phpdeploy.it.Server;
import io.github.phpdeploy.it.Sshd;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Trees of unusual size and shape, and lines that break, over a real sshd. */
class OddTreesIT {

    private static final HostTools TOOLS = HostTools.among(Set.of("perl", "zstd"));

    @TempDir
    Path temp;

    private UploadBench bench;

    @BeforeEach
    void directories() throws IOException {
        bench = new UploadBench(temp);
    }

    private Sshd sshd(String... options) {
        Sshd.Builder builder = Sshd.in(temp.resolve("sshd"));
        for (String option : options) {
            builder.option(option);
        }
        return builder.start();
    }

    private static Host connect(Sshd sshd) {
        return SshHost.connect(new SshSettings(
                HostAddress.parse(sshd.address()),
                System.getProperty("user.name"),
                Optional.of(sshd.userKey()),
                Optional.empty(),
                Optional.empty(),
                sshd.knownHosts(),
                Duration.ofSeconds(10)));
    }

    private void isThere(String release) {
        Server.run(
                "diff",
                "-r",
                "--no-dereference",
                bench.local().toString(),
                bench.release(release).toString());
    }

    @Test
    @Tag("large")
    void aHundredThousandEmptyFiles() throws IOException {
        for (int directory = 0; directory < 1000; directory++) {
            Path made = Files.createDirectories(bench.local().resolve("d" + directory % 10 + "/" + directory));
            for (int file = 0; file < 100; file++) {
                Files.createFile(made.resolve("empty" + file));
            }
        }
        try (Sshd sshd = sshd();
                Host host = connect(sshd)) {
            Base base = bench.first(host, "1");
            isThere("1");
            Files.delete(bench.local().resolve("d3/3/empty7"));
            bench.write("d3/3/new", "not empty");
            UploadReport report = bench.upload(host, "2", Optional.of(base), TOOLS);
            isThere("2");
            assertThat(report.filesSent()).isEqualTo(1);
            assertThat(report.filesReused()).isEqualTo(99_999);
        }
    }

    @Test
    void manyInOneDirectoryAndDirectoriesInEachOther() throws IOException {
        for (int i = 0; i < 5000; i++) {
            bench.write("flat/a rather long name for a file, number " + i, "content " + i);
        }
        String deep = String.join("/", java.util.Collections.nCopies(60, "deep"));
        bench.write(deep + "/bottom", "bottom");
        // the same letter, composed and decomposed: two names where the file system does not make them one
        bench.write("names/\u00e9", "composed");
        bench.write("names/e\u0301", "decomposed");
        try (Sshd sshd = sshd();
                Host host = connect(sshd)) {
            Base base = bench.first(host, "1");
            isThere("1");
            Files.move(bench.local().resolve("flat"), bench.local().resolve("renamed"));
            Files.move(bench.local().resolve("deep"), bench.local().resolve("deeper"));
            bench.write("names/\u00e9", "composed, changed");
            UploadReport report = bench.upload(host, "2", Optional.of(base), TOOLS);
            isThere("2");
            assertThat(report.filesSent()).isEqualTo(1);
            assertThat(report.repaired()).isZero();
        }
    }

    @Test
    @Tag("large")
    void aGibibyteInOneFile() throws IOException {
        Path file = bench.local().resolve("large.bin");
        byte[] piece = new byte[1 << 20];
        new java.util.Random(1).nextBytes(piece);
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            for (int i = 0; i < 64; i++) {
                large.seek(((long) i) << 24);
                piece[0] = (byte) i;
                large.write(piece);
            }
            large.setLength(1L << 30);
        }
        try (Sshd sshd = sshd();
                Host host = connect(sshd)) {
            Base base = bench.first(host, "1");
            isThere("1");
            try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
                large.seek(900_000_000);
                large.write(piece, 0, 50_000);
                large.seek(77);
                large.write(1);
            }
            UploadReport report = bench.upload(host, "2", Optional.of(base), TOOLS);
            isThere("2");
            assertThat(report.wireBytes()).isLessThan(1 << 20);
            assertThat(report.repaired()).isZero();
        }
    }

    @Test
    void aLineThatBreaksInTheMiddleLeavesNothingBehindThatCounts() throws IOException {
        byte[] noise = new byte[30_000_000];
        new java.util.Random(2).nextBytes(noise);
        bench.write("index.php", "one");
        Base base;
        try (Sshd sshd = sshd()) {
            try (Host host = connect(sshd)) {
                base = bench.first(host, "1");
            }
            bench.write("noise", noise);
            AtomicBoolean cut = new AtomicBoolean();
            try (Host host = connect(sshd);
                    Upload upload = Upload.begin(host, bench.site(), "2", Optional.of(base), TOOLS)) {
                LocalTree tree = bench.tree();
                assertThatThrownBy(() -> upload.send(
                                tree,
                                ChangeSet.between(Optional.of(base), tree.manifest(), TOOLS),
                                UploadTest.TIME,
                                "{}",
                                (files, bytes, wire) -> {
                                    if (bytes > 5_000_000 && cut.compareAndSet(false, true)) {
                                        // the process that serves this connection, and with it the connection
                                        sshd.handle().children().forEach(ProcessHandle::destroyForcibly);
                                    }
                                }))
                        .isInstanceOf(PhpDeployException.class)
                        .hasMessageContaining("connection");
            }
            assertThat(cut).isTrue();
            assertThat(bench.release("2")).doesNotExist();
        }
        Server.run("rm", "-rf", temp.resolve("sshd").toString(), bench.site() + "/.php-deploy/staging");
        try (Sshd sshd = sshd();
                Host host = connect(sshd)) {
            bench.upload(host, "3", Optional.of(base), TOOLS);
            isThere("3");
        }
    }

    @Test
    void theAccountsUmaskDoesNotCount() throws IOException {
        bench.write("dir/file", "content");
        bench.write("run", "#!/bin/sh");
        bench.local().resolve("run").toFile().setExecutable(true, false);
        for (String umask : new String[] {"077", "000", "027"}) {
            Server.run("rm", "-rf", temp.resolve("sshd").toString());
            String release = "u" + umask;
            try (Sshd sshd = sshd("ForceCommand umask " + umask + "; exec sh -c \"$SSH_ORIGINAL_COMMAND\"");
                    Host host = connect(sshd)) {
                bench.first(host, release);
            }
            assertThat(modes(release)).containsExactly("rwxr-xr-x", "rwxr-xr-x", "rw-r--r--", "rwxr-xr-x");
        }
    }

    private java.util.List<String> modes(String release) throws IOException {
        try (Stream<Path> all = Files.walk(bench.release(release))) {
            return all.sorted().map(OddTreesIT::mode).toList();
        }
    }

    private static String mode(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aFileWithAsManyLinksAsTheFileSystemAllowsIsCopied() throws IOException {
        bench.write("linked", "content");
        bench.write("other", "other");
        try (Sshd sshd = sshd();
                Host host = connect(sshd)) {
            Base base = bench.first(host, "1");
            Path many = Files.createDirectories(temp.resolve("many"));
            int exit = exit(
                    "perl",
                    "-e",
                    "my $i = 0; while (link($ARGV[0], \"$ARGV[1]/$i\")) { ++$i < 200000 or exit 3 }",
                    bench.release("1").resolve("linked").toString(),
                    many.toString());
            org.junit.jupiter.api.Assumptions.assumeTrue(exit == 0, "this file system has no limit of links");
            UploadReport report = bench.upload(host, "2", Optional.of(base), TOOLS);
            isThere("2");
            assertThat(report.repaired()).isLessThanOrEqualTo(1);
            assertThat(UploadTest.inode(bench.release("2").resolve("linked")))
                    .isNotEqualTo(UploadTest.inode(bench.release("1").resolve("linked")));
        }
    }

    private static int exit(String... command) throws IOException {
        try {
            return new ProcessBuilder(command).start().waitFor();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
