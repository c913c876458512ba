package io.github.phpdeploy.transfer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.ShellUnderTest;
import io.github.phpdeploy.it.Server;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class UploadTest {

    static final Instant TIME = Instant.parse("2026-11-21T21:42:00Z");

    private static final HostTools TOOLS = HostTools.NONE;

    @TempDir
    Path temp;

    private Path local;
    private Path site;

    static Stream<ShellUnderTest> hosts() {
        return Stream.of(ShellUnderTest.dash(), ShellUnderTest.busybox(), ShellUnderTest.bsdtar());
    }

    @BeforeEach
    void directories() throws IOException {
        local = Files.createDirectory(temp.resolve("local app"));
        site = Files.createDirectory(temp.resolve("si'te=\\1 $x"));
    }

    private void write(String path, String content) throws IOException {
        Path file = local.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private Path release(String id) {
        return site.resolve("releases").resolve(id);
    }

    private LocalTree tree() throws IOException {
        return Trees.read(local);
    }

    private UploadReport upload(Host host, String id, Optional<Base> base, LocalTree tree) {
        try (Upload upload = Upload.begin(host, site.toString(), id, base, TOOLS)) {
            return upload.send(
                    tree, ChangeSet.between(base, tree.manifest(), TOOLS), TIME, "{}", (files, bytes, wire) -> {});
        }
    }

    private Base first(Host host, String id) throws IOException {
        LocalTree tree = tree();
        upload(host, id, Optional.empty(), tree);
        return new Base(id, tree.manifest().entries());
    }

    /** The SHA-256 of every file of a tree that text cannot hold. */
    static TreeMap<String, String> binary(Path root) throws IOException {
        TreeMap<String, String> hashes = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                byte[] hash = Manifest.sha256().digest(Files.readAllBytes(file));
                hashes.put(
                        root.relativize(file).toString(),
                        java.util.HexFormat.of().formatHex(hash));
            }
        }
        return hashes;
    }

    static long inode(Path file) throws IOException {
        return (Long) Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS);
    }

    private void writeHostileNames() throws IOException {
        for (String name : List.of(
                " leading",
                "trailing ",
                "-rf",
                "--",
                "a'b",
                "a\"b",
                "a`b",
                "$(id)",
                "back\\slash",
                "new\nline",
                "\n",
                "tab\there",
                "*",
                "ümlaut",
                "漢字",
                "😀",
                "Case",
                "case",
                "x=y",
                "#",
                "!",
                "~",
                "a;b",
                "a&b",
                "con.",
                "%41",
                "a\\nb")) {
            write("hostile/" + name, "content of " + name);
            write("dirs/" + name + "/file", name);
        }
        write("deep/" + "d".repeat(120) + "/" + "e".repeat(120) + "/" + "ü".repeat(110), "long");
        Files.createSymbolicLink(local.resolve("hostile/link to\ttab"), Path.of("tab\there"));
        Files.createSymbolicLink(local.resolve("hostile/link to\nline"), Path.of("new\nline"));
        Files.createSymbolicLink(local.resolve("hostile/link"), Path.of("../deep/" + "d".repeat(120)));
        Files.createSymbolicLink(local.resolve("hostile/-link"), Path.of("-rf"));
        Files.createDirectories(local.resolve("empty/inner\nempty"));
        write("bin/run", "#!/bin/sh");
        Files.setPosixFilePermissions(
                local.resolve("bin/run"), Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_EXECUTE));
        write("empty.php", "");
    }

    @Test
    void tellsHowFarItIsWithinALargeFile() throws IOException {
        byte[] large = new byte[5_000_000];
        new Random(1).nextBytes(large);
        Files.write(local.resolve("large"), large);
        List<Long> heard = new ArrayList<>();
        try (Host host = ShellUnderTest.dash()) {
            try (Upload upload = Upload.begin(host, site.toString(), "1", Optional.empty(), TOOLS)) {
                upload.send(
                        tree(),
                        ChangeSet.between(Optional.empty(), tree().manifest(), TOOLS),
                        TIME,
                        "{}",
                        (files, bytes, wire) -> heard.add(bytes));
            }
        }
        assertThat(heard).isSorted().hasSizeGreaterThan(20).endsWith((long) large.length);
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void aTreeArrivesWhole(Host host) throws IOException {
        writeHostileNames();
        UploadReport report = upload(host, "1", Optional.empty(), tree());

        assertThat(Trees.contents(release("1"))).isEqualTo(Trees.contents(local));
        assertThat(report.filesSent()).isEqualTo(tree().manifest().files());
        assertThat(report.filesReused()).isZero();
        assertThat(Files.getLastModifiedTime(release("1").resolve("empty.php"))).isEqualTo(FileTime.from(TIME));
        assertThat(site.resolve(".php-deploy/staging")).isEmptyDirectory();
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void anUnchangedTreeSendsNothingAndSharesItsBytes(Host host) throws IOException {
        write("index.php", "<?php");
        write("src/a.php", "a");
        Base base = first(host, "1");
        UploadReport report = upload(host, "2", Optional.of(base), tree());

        assertThat(Trees.contents(release("2"))).isEqualTo(Trees.contents(local));
        assertThat(report.filesSent()).isZero();
        assertThat(report.filesReused()).isEqualTo(2);
        assertThat(report.repaired()).isZero();
        if (report.cloned().equals("hardlink")) {
            assertThat(inode(release("2").resolve("src/a.php")))
                    .isEqualTo(inode(release("1").resolve("src/a.php")));
        } else {
            assertThat(report.cloned()).isEqualTo("reflink");
        }
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void hostileNamesSurviveARedeploy(Host host) throws IOException {
        writeHostileNames();
        Base base = first(host, "1");
        write("hostile/-rf", "changed");
        write("hostile/new\nline", "changed too");
        Files.delete(local.resolve("hostile/$(id)"));
        UploadReport report = upload(host, "2", Optional.of(base), tree());

        assertThat(Trees.contents(release("2"))).isEqualTo(Trees.contents(local));
        assertThat(report.repaired()).isZero();
        assertThat(Trees.contents(release("1")).get("hostile/-rf")).isEqualTo("- content of -rf");
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void releasesMayLieOnAnotherFileSystem(Host host) throws IOException {
        Path other = Path.of("/dev/shm");
        assumeTrue(
                Files.isDirectory(other) && !Files.getFileStore(other).equals(Files.getFileStore(temp)),
                "there is no second file system here");
        Path elsewhere = Files.createTempDirectory(other, "releases");
        try {
            Files.createSymbolicLink(site.resolve("releases"), elsewhere);
            write("index.php", "<?php");
            write("src/a.php", "a");
            Base base = first(host, "1");
            for (String id : List.of("2", "3")) {
                write("index.php", "<?php " + id);
                UploadReport report = upload(host, id, Optional.of(base), tree());
                assertThat(Trees.contents(release(id))).isEqualTo(Trees.contents(local));
                assertThat(report.filesSent()).isEqualTo(1);
                assertThat(report.repaired()).isZero();
                Manifests.settle(host, site.toString(), id, true);
                Server.await(
                        "the host to be done",
                        () -> site.resolve(".php-deploy/staging").toFile().list().length == 0);
                base = new Base(id, tree().manifest().entries());
            }
            assertThat(elsewhere.toFile().list()).containsExactlyInAnyOrder("1", "2", "3");
        } finally {
            Server.run("rm", "-rf", elsewhere.toString());
        }
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void onlyWhatChangedTravels(Host host) throws IOException {
        for (int i = 0; i < 50; i++) {
            write("src/" + i + ".php", "content " + i);
        }
        write("gone/with/its/directory.php", "");
        write("was-file", "file");
        write("was-directory/inner", "inner");
        write("mode", "mode");
        Files.createSymbolicLink(local.resolve("link"), Path.of("mode"));
        Base base = first(host, "1");
        final TreeMap<String, String> before = Trees.contents(release("1"));

        write("src/7.php", "changed");
        write("src/new.php", "new");
        Files.delete(local.resolve("gone/with/its/directory.php"));
        Files.delete(local.resolve("gone/with/its"));
        Files.delete(local.resolve("gone/with"));
        Files.delete(local.resolve("gone"));
        Files.delete(local.resolve("was-file"));
        write("was-file/inner", "now a directory");
        Files.delete(local.resolve("was-directory/inner"));
        Files.delete(local.resolve("was-directory"));
        write("was-directory", "now a file");
        Files.setPosixFilePermissions(
                local.resolve("mode"), Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_EXECUTE));
        Files.delete(local.resolve("link"));
        Files.createSymbolicLink(local.resolve("link"), Path.of("was-directory"));
        UploadReport report = upload(host, "2", Optional.of(base), tree());

        assertThat(Trees.contents(release("2"))).isEqualTo(Trees.contents(local));
        assertThat(Trees.contents(release("1"))).isEqualTo(before);
        assertThat(report.filesSent()).isEqualTo(6);
        assertThat(report.filesReused()).isEqualTo(49);
        assertThat(report.repaired()).isZero();
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void whatTheApplicationDroppedStaysBehind(Host host) throws IOException {
        write("index.php", "<?php");
        write("cache/.keep", "");
        Base base = first(host, "1");
        Files.writeString(release("1").resolve("cache/dropped.php"), "<?php");
        Files.createDirectories(release("1").resolve("var/log"));
        Files.writeString(release("1").resolve("var/log/new\nline"), "log");
        Files.createSymbolicLink(release("1").resolve("storage"), Path.of("../../shared/storage"));
        UploadReport report = upload(host, "2", Optional.of(base), tree());

        assertThat(Trees.contents(release("2"))).isEqualTo(Trees.contents(local));
        assertThat(report.filesSent()).isZero();
        assertThat(release("1").resolve("cache/dropped.php")).exists();
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void whatWasChangedBehindOurBackIsSentAgain(Host host) throws IOException {
        write("index.php", "<?php echo 1;");
        write("same-size.php", "<?php echo 1;");
        write("deleted.php", "deleted");
        write("became-directory", "file");
        write("mode.php", "mode");
        write("untouched.php", "untouched");
        Files.createSymbolicLink(local.resolve("link"), Path.of("index.php"));
        Base base = first(host, "1");

        Files.writeString(release("1").resolve("index.php"), "hacked");
        // in place, of the same length, with its old time: only the change time tells
        FileTime time = Files.getLastModifiedTime(release("1").resolve("same-size.php"));
        Files.writeString(release("1").resolve("same-size.php"), "<?php echo 2;");
        Files.setLastModifiedTime(release("1").resolve("same-size.php"), time);
        Files.delete(release("1").resolve("deleted.php"));
        Files.delete(release("1").resolve("became-directory"));
        Files.createDirectory(release("1").resolve("became-directory"));
        Files.setPosixFilePermissions(
                release("1").resolve("mode.php"),
                Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_EXECUTE));
        Files.delete(release("1").resolve("link"));
        Files.createSymbolicLink(release("1").resolve("link"), Path.of("untouched.php"));
        UploadReport report = upload(host, "2", Optional.of(base), tree());

        assertThat(Trees.contents(release("2"))).isEqualTo(Trees.contents(local));
        assertThat(report.repaired()).isEqualTo(6);
        assertThat(report.filesSent()).isEqualTo(6);
        assertThat(report.filesReused()).isEqualTo(1);
    }

    private void settle(Host host, String release, boolean warm) {
        Manifests.settle(host, site.toString(), release, warm);
        Server.await("the background work to end", () -> {
            String[] left = site.resolve(".php-deploy/staging").toFile().list();
            return left != null && left.length == 0;
        });
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void theNextReleaseStartsFromAWarmClone(Host host) throws IOException {
        writeHostileNames();
        write("src/a.php", "a");
        final Base base = first(host, "1");
        Files.createSymbolicLink(release("1").resolve("storage"), Path.of("../../shared/storage"));
        Files.createDirectories(release("1").resolve("var/cache"));
        settle(host, "1", true);
        assertThat(site.resolve(".php-deploy/warm/1/src/a.php")).exists();
        assertThat(site.resolve(".php-deploy/warm/1/var")).doesNotExist();
        assertThat(Files.exists(site.resolve(".php-deploy/warm/1/storage"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
        write("src/a.php", "changed");
        write("src/new.php", "new");
        Files.delete(local.resolve("hostile/-rf"));
        UploadReport report = upload(host, "2", Optional.of(base), tree());

        assertThat(report.cloned()).isEqualTo("warm");
        assertThat(report.repaired()).isZero();
        assertThat(Trees.contents(release("2"))).isEqualTo(Trees.contents(local));
        assertThat(Trees.contents(release("1")).get("src/a.php")).isEqualTo("- a");
        assertThat(site.resolve(".php-deploy/warm/1")).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void whatWasChangedBeforeOrAfterTheWarmCloneWasMadeIsSentAgain(Host host) throws IOException {
        for (String when : List.of("before", "after")) {
            write(when + "/index.php", "<?php echo 1;");
            write(when + "/same-size.php", "<?php echo 1;");
            write(when + "/deleted.php", "deleted");
        }
        write("untouched.php", "untouched");
        final Base base = first(host, "1");
        tamper(release("1").resolve("before"));
        settle(host, "1", true);
        tamper(release("1").resolve("after"));
        UploadReport report = upload(host, "2", Optional.of(base), tree());

        assertThat(Trees.contents(release("2"))).isEqualTo(Trees.contents(local));
        assertThat(report.cloned()).isEqualTo("warm");
        // deleted from the release after it was cloned, a file is still in the clone
        assertThat(report.repaired()).isEqualTo(5);
        assertThat(report.filesSent()).isEqualTo(5);
    }

    private static void tamper(Path directory) throws IOException {
        Files.writeString(directory.resolve("index.php"), "hacked");
        FileTime time = Files.getLastModifiedTime(directory.resolve("same-size.php"));
        Files.writeString(directory.resolve("same-size.php"), "<?php echo 2;");
        Files.setLastModifiedTime(directory.resolve("same-size.php"), time);
        Files.delete(directory.resolve("deleted.php"));
        Files.writeString(directory.resolve("dropped"), "by the application");
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void anUploadThatIsNotSentHasEndedWhenItIsClosed(Host host) throws IOException {
        for (int i = 0; i < 3000; i++) {
            write("d" + i % 100 + "/" + i, "");
        }
        Base base = first(host, "1");
        Upload.begin(host, site.toString(), "2", Optional.of(base), TOOLS).close();
        Path staging = site.resolve(".php-deploy/staging/2");
        // the clone is done, and nobody writes there any more
        assertThat(Files.readString(staging.resolve("cloned"))).startsWith("how ");
        assertThat(release("2")).doesNotExist();
        Server.run("rm", "-rf", staging.toString());
        assertThat(staging).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void aWarmCloneOfAnotherReleaseIsNotUsed(Host host) throws IOException {
        write("index.php", "<?php 1");
        final Base one = first(host, "1");
        settle(host, "1", true);
        write("index.php", "<?php 2");
        upload(host, "2", Optional.of(one), tree());
        settle(host, "1", true);
        Base two = new Base("2", tree().manifest().entries());
        UploadReport report = upload(host, "3", Optional.of(two), tree());
        assertThat(report.cloned()).isNotEqualTo("warm");
        assertThat(Trees.contents(release("3"))).isEqualTo(Trees.contents(local));
        settle(host, "3", false);
        assertThat(site.resolve(".php-deploy/warm")).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void withoutTheIndexEverythingIsReadAndNothingSent(Host host) throws IOException {
        write("index.php", "<?php");
        write("src/a.php", "a");
        Files.createSymbolicLink(local.resolve("link"), Path.of("index.php"));
        Base base = first(host, "1");
        Files.delete(site.resolve(".php-deploy/manifests/1.stat"));
        Files.writeString(release("1").resolve("foreign"), "x");
        Files.createSymbolicLink(release("1").resolve("foreign-link"), Path.of("x"));
        UploadReport report = upload(host, "2", Optional.of(base), tree());

        assertThat(Trees.contents(release("2"))).isEqualTo(Trees.contents(local));
        assertThat(report.filesSent()).isZero();
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void aNameThatIsTakenIsRefused(Host host) throws IOException {
        write("index.php", "<?php");
        first(host, "1");
        LocalTree tree = tree();
        assertThatThrownBy(() -> upload(host, "1", Optional.empty(), tree))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("release 1 exists on " + host.name() + " already");
    }

    @Test
    void aFileThatChangesWhileItIsSentIsNoticed() throws IOException {
        Host host = ShellUnderTest.dash();
        write("index.php", "<?php 1");
        LocalTree sameSize = tree();
        write("index.php", "<?php 2");
        assertThatThrownBy(() -> upload(host, "1", Optional.empty(), sameSize))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("is not what was read here at first: index.php");
        LocalTree shorter = tree();
        write("index.php", "<");
        assertThatThrownBy(() -> upload(host, "2", Optional.empty(), shorter))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("changed or vanished between being found and being sent");
        assertThat(site.resolve("releases")).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void randomTreesFollowEachOther(Host host) throws IOException {
        Random random = new Random(20261122);
        Optional<Base> base = Optional.empty();
        for (int round = 1; round <= 8; round++) {
            for (int i = 0; i < 40; i++) {
                Path file = local.resolve("d" + random.nextInt(4)).resolve("f" + random.nextInt(30));
                Files.createDirectories(file.getParent());
                switch (random.nextInt(4)) {
                    case 0 -> Files.deleteIfExists(file);
                    case 1 -> {
                        Files.deleteIfExists(file);
                        Files.createSymbolicLink(file, Path.of("f" + random.nextInt(30)));
                    }
                    default -> {
                        Files.deleteIfExists(file);
                        Files.writeString(file, "x".repeat(random.nextInt(5000)) + round);
                    }
                }
            }
            LocalTree tree = tree();
            upload(host, "r" + round, base, tree);
            assertThat(Trees.contents(release("r" + round))).isEqualTo(Trees.contents(local));
            base = Optional.of(new Base("r" + round, tree.manifest().entries()));
            if (round % 3 != 0) {
                settle(host, "r" + round, true);
            }
        }
    }

    private List<TreeFile> found() throws IOException {
        return Trees.found(local);
    }

    private UploadReport uploadAll(Host host, String id, List<TreeFile> found, Supplier<LocalTree> read) {
        try (Upload upload = Upload.begin(host, site.toString(), id, Optional.empty(), TOOLS)) {
            return upload.sendAll(found, read, TIME, tree -> "{}", (files, bytes, wire) -> {});
        }
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void aFirstUploadBeginsBeforeAllIsRead(Host host) throws IOException {
        writeHostileNames();
        for (int i = 0; i < 1200; i++) {
            write("many/" + i % 7 + "/" + i + ".php", "content " + i);
        }
        Files.createSymbolicLink(local.resolve("link"), Path.of("many"));
        UploadReport report = uploadAll(host, "1", found(), () -> unchecked(this::tree));
        assertThat(Trees.contents(release("1"))).isEqualTo(Trees.contents(local));
        assertThat(report.repaired()).isZero();
        assertThat(report.filesReused()).isZero();
        assertThat(site.resolve(".php-deploy/manifests/1"))
                .hasBinaryContent(tree().manifest().bytes());
    }

    @Test
    void whatIsNotReadAsItWasFoundIsNoRelease() throws IOException {
        Host host = ShellUnderTest.dash();
        write("index.php", "<?php 1");
        for (String change : List.of("appeared.php", "index.php")) {
            List<TreeFile> found = found();
            write(change, "something longer");
            assertThatThrownBy(() -> uploadAll(host, "1", found, () -> unchecked(this::tree)))
                    .isInstanceOf(SourceChangedException.class);
            assertThat(release("1")).doesNotExist();
        }
        assertThatThrownBy(() -> uploadAll(host, "2", found(), () -> {
                    throw new IllegalStateException("cannot be read");
                }))
                .hasMessage("cannot be read");
        assertThat(release("2")).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void theBriefManifestIsMadeBeforeItIsAskedFor(Host host) throws IOException {
        write("index.php", "<?php");
        write("large", "x".repeat(2 << 20));
        Files.createSymbolicLink(local.resolve("link"), Path.of("index.php"));
        first(host, "1");
        ManifestCache none = new ManifestCache(temp.resolve("none"));
        Manifests.Known made = Manifests.brief(host, site.toString(), "1", none).orElseThrow();
        settle(host, "1", false);
        Path brief = site.resolve(".php-deploy/manifests/1.brief");
        assertThat(brief).exists();
        ManifestCache empty = new ManifestCache(temp.resolve("empty"));
        assertThat(Manifests.brief(host, site.toString(), "1", empty)).contains(made);
        assertThat(made.entries().orElseThrow().get("index.php").size()).isEqualTo(ManifestEntry.UNKNOWN);
        assertThat(ChangeSet.between(
                                Optional.of(new Base("1", made.entries().orElseThrow())),
                                tree().manifest(),
                                HostTools.NONE)
                        .added())
                .isEmpty();

        // what was made of another manifest is not used
        Path manifest = site.resolve(".php-deploy/manifests/1");
        Files.writeString(manifest, Files.readString(manifest).replace("index.php", "other.php"));
        assertThat(Manifests.brief(host, site.toString(), "1", empty)
                        .orElseThrow()
                        .entries()
                        .orElseThrow())
                .containsKey("other.php");
    }

    private interface Reading {
        LocalTree read() throws IOException;
    }

    private static LocalTree unchecked(Reading reading) {
        try {
            return reading.read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
