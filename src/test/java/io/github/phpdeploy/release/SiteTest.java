package io.github.phpdeploy.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.ShellUnderTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SiteTest {

    private static final Instant TIME = Instant.parse("2026-11-21T21:42:00Z");

    @TempDir
    Path temp;

    private Path root;

    static Stream<ShellUnderTest> hosts() {
        return Stream.of(ShellUnderTest.dash(), ShellUnderTest.busybox());
    }

    @BeforeEach
    void root() {
        root = temp.resolve("not there yet/si'te=\\1 $x");
    }

    private Site site(Host host) {
        return new ShellSite(host, root.toString());
    }

    private static LockHolder holder(String token) {
        return new LockHolder(token, "alice", "build-7", 4711, "https://ci.example.com/1", "deploy", TIME);
    }

    private static SiteLock lock(Site site, String token) {
        return site.lock(holder(token), Duration.ZERO, other -> {});
    }

    static ReleaseRecord release(String id, ReleaseState state) {
        return new ReleaseRecord(
                id, state, TIME.plusSeconds(Integer.parseInt(id)), "1a2b3c4", "alice", "1.0", 3, 42, "", "");
    }

    private void make(String id) throws IOException {
        Files.createDirectories(root.resolve("releases").resolve(id));
        Files.writeString(root.resolve("releases").resolve(id).resolve("index.php"), id);
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void aDeployPathThatIsNotThereIsLookedAtWithoutBeingMade(Host host) {
        SiteState state = site(host).inspect();
        assertThat(state.current()).isEmpty();
        assertThat(state.releases()).isEmpty();
        assertThat(state.freeKibibytes().orElse(0)).isPositive();
        assertThat(Duration.between(state.time(), Instant.now()).abs()).isLessThan(Duration.ofSeconds(5));
        assertThat(root).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void theMetadataIsPrivate(Host host) throws IOException {
        lock(site(host), "t1").close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve(".php-deploy"))))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
                .isEqualTo("rwxr-xr-x");
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void onlyOneHasTheLock(Host host) {
        Site site = site(host);
        try (SiteLock first = lock(site, "t1")) {
            assertThat(first.leftBehind()).isEmpty();
            assertThatThrownBy(() -> lock(site, "t2"))
                    .isInstanceOf(PhpDeployException.class)
                    .hasMessageContaining("locked by alice on build-7 (process 4711, https://ci.example.com/1), deploy"
                            + " since 2026-11-21T21:42:00Z")
                    .hasMessageContaining("-Dphp.lockWait=SECONDS");
            assertThat(site.unlock(false)).contains(holder("t1"));
        }
        assertThat(site.unlock(false)).isEmpty();
        lock(site, "t3").close();
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void whoWaitsGetsTheLockWhenItIsGivenBack(Host host) throws Exception {
        Site site = site(host);
        SiteLock first = lock(site, "t1");
        AtomicBoolean told = new AtomicBoolean();
        Thread giver = new Thread(() -> {
            try {
                TimeUnit.MILLISECONDS.sleep(500);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            first.close();
        });
        giver.start();
        try (SiteLock second = site.lock(holder("t2"), Duration.ofSeconds(20), other -> told.set(true))) {
            assertThat(told).isTrue();
            assertThat(second.leftBehind()).isEmpty();
        }
        giver.join();
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void aLockWhoseHolderIsKilledIsFree(Host host) throws Exception {
        Site site = site(host);
        lock(site, "t1"); // never closed
        long pid = Long.parseLong(
                Files.readAllLines(root.resolve(".php-deploy/lock")).get(1));
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        ProcessHandle.of(pid).ifPresent(process -> process.onExit().join());
        try (SiteLock next = lock(site, "t2")) {
            assertThat(next.leftBehind()).contains(holder("t1"));
        }
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void whoLosesTheLockChangesNothing(Host host) throws IOException {
        Site site = site(host);
        make("1");
        SiteLock broken = lock(site, "t1");
        assertThat(site.unlock(true)).contains(holder("t1"));
        assertThatThrownBy(() -> site.activate(broken, Optional.of("releases/1"), Optional.empty(), Optional.empty()))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("was lost");
        try (SiteLock other = lock(site, "t2")) {
            assertThatThrownBy(
                            () -> site.activate(broken, Optional.of("releases/1"), Optional.empty(), Optional.empty()))
                    .hasMessageContaining("was lost");
            assertThatThrownBy(() -> site.conclude(broken, List.of(), Optional.empty(), List.of("1")))
                    .hasMessageContaining("was lost");
            assertThat(root.resolve("current")).doesNotExist();
            assertThat(root.resolve("releases/1")).exists();
            site.activate(other, Optional.of("releases/1"), Optional.empty(), Optional.empty());
        }
        assertThat(Files.readSymbolicLink(root.resolve("current"))).hasToString("releases/1");
    }

    private Path claim(LockHolder holder, Duration age) throws IOException {
        Path claim = root.resolve(".php-deploy/locks").resolve(holder.token());
        Files.createDirectories(claim.getParent());
        Files.writeString(claim, holder.json() + "\n");
        return Files.setLastModifiedTime(claim, FileTime.from(Instant.now().minus(age)));
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void whoLocksBySftpIsRespectedAsLongAsItLives(Host host) throws IOException {
        Site site = site(host);
        Path claim = claim(holder("sftp1"), Duration.ofSeconds(20));
        assertThatThrownBy(() -> lock(site, "t1")).hasMessageContaining("is locked by alice on build-7");
        assertThat(root.resolve(".php-deploy/alive")).doesNotExist();
        assertThat(site.unlock(false)).contains(holder("sftp1"));
        assertThat(site.unlock(true)).contains(holder("sftp1"));
        assertThat(claim).doesNotExist();
        assertThat(site.unlock(false)).isEmpty();

        claim(holder("sftp2"), Duration.ofSeconds(90));
        assertThat(site.unlock(false)).isEmpty();
        try (SiteLock lock = lock(site, "t2")) {
            assertThat(lock.leftBehind()).contains(holder("sftp2"));
            assertThat(root.resolve(".php-deploy/locks")).isEmptyDirectory();
            assertThat(root.resolve(".php-deploy/alive")).exists();
        }
        assertThat(root.resolve(".php-deploy/alive")).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void whoWaitsForSftpGetsTheLockWhenItIsGivenBack(Host host) throws Exception {
        Site site = site(host);
        Path claim = claim(holder("sftp1"), Duration.ofSeconds(5));
        List<LockHolder> told = new ArrayList<>();
        Thread giver = new Thread(() -> {
            try {
                TimeUnit.MILLISECONDS.sleep(500);
                Files.delete(claim);
            } catch (InterruptedException | IOException e) {
                throw new IllegalStateException(e);
            }
        });
        giver.start();
        try (SiteLock lock = site.lock(holder("t1"), Duration.ofSeconds(20), told::add)) {
            assertThat(told).containsExactly(holder("sftp1"));
            assertThat(lock.leftBehind()).isEmpty();
        }
        giver.join();
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void activationIsARenameOfARelativeLink(Host host) throws IOException {
        Site site = site(host);
        make("1");
        make("2");
        try (SiteLock lock = lock(site, "t1")) {
            ReleaseRecord record = release("1", ReleaseState.ACTIVE);
            site.activate(lock, Optional.of("releases/1"), Optional.empty(), Optional.of(record));
            assertThat(Files.readString(root.resolve("current/index.php"))).isEqualTo("1");
            assertThat(site.inspect().current().orElseThrow().record()).contains(record);
            site.activate(lock, Optional.of("releases/2"), Optional.of("releases/1"), Optional.empty());
            assertThat(Files.readSymbolicLink(root.resolve("current"))).hasToString("releases/2");
            assertThat(root.resolve("releases/1/index.php")).hasContent("1");
            site.activate(lock, Optional.empty(), Optional.of("releases/2"), Optional.empty());
            assertThat(Files.exists(root.resolve("current"), LinkOption.NOFOLLOW_LINKS))
                    .isFalse();
        }
        try (Stream<Path> left = Files.list(root)) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(".php-deploy", "releases");
        }
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void aCurrentThatMovedMeanwhileIsLeftAlone(Host host) throws IOException {
        Site site = site(host);
        make("1");
        make("2");
        try (SiteLock lock = lock(site, "t1")) {
            site.activate(lock, Optional.of("releases/1"), Optional.empty(), Optional.empty());
            assertThatThrownBy(() ->
                            site.activate(lock, Optional.of("releases/2"), Optional.of("releases/0"), Optional.empty()))
                    .hasMessageContaining("points to \"releases/1\" now, and not to \"releases/0\"");
            assertThatThrownBy(() ->
                            site.activate(lock, Optional.of("releases/9"), Optional.of("releases/1"), Optional.empty()))
                    .hasMessageContaining("releases/9 is not on");
        }
        assertThat(Files.readSymbolicLink(root.resolve("current"))).hasToString("releases/1");
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void aRealDirectoryAtCurrentIsRefusedUntouched(Host host) throws IOException {
        Site site = site(host);
        Files.createDirectories(root.resolve("current"));
        Files.writeString(root.resolve("current/index.php"), "precious");
        assertThatThrownBy(() -> lock(site, "t1"))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("current on " + host.name() + " is not a symbolic link");
        assertThat(root.resolve("current/index.php")).hasContent("precious");
        assertThat(root.resolve(".php-deploy")).doesNotExist();
        assertThat(site.inspect().occupied()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void whatEndedIsWrittenDownAndWhatIsOutdatedGoes(Host host) throws IOException {
        Site site = site(host);
        for (String id : List.of("1", "2", "3")) {
            make(id);
        }
        JournalEntry entry = new JournalEntry(
                TIME, "deploy", "3", "2", "success", "alice", "1.0", "1a2b3c4", "web1", 7, 700, 70, "", Map.of());
        try (SiteLock lock = lock(site, "t1")) {
            Site.Removal removal = site.conclude(
                    lock,
                    List.of(release("2", ReleaseState.GOOD), release("3", ReleaseState.GOOD)),
                    Optional.of(entry),
                    List.of("1"));
            assertThat(removal.removed()).containsExactly("1");
        }
        assertThat(site.journal(10)).containsExactly(entry);
        assertThat(site.inspect().releases())
                .containsExactly(
                        new Release("2", Optional.of(release("2", ReleaseState.GOOD))),
                        new Release("3", Optional.of(release("3", ReleaseState.GOOD))));
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void aReleaseThatAProcessUsesStays(Host host) throws Exception {
        Site site = site(host);
        make("1");
        make("2");
        make("22");
        List<Process> processes = new ArrayList<>();
        try (SiteLock lock = lock(site, "t1")) {
            processes.add(new ProcessBuilder("sleep", "60")
                    .directory(root.resolve("releases/1").toFile())
                    .start());
            processes.add(new ProcessBuilder(
                            "sh",
                            "-c",
                            "sleep 60; :",
                            root.resolve("releases/22/server.php").toString())
                    .start());
            make("3");
            Path log = Files.createFile(root.resolve("releases/3/log"));
            processes.add(new ProcessBuilder("sleep", "60")
                    .redirectOutput(log.toFile())
                    .start());
            make("4");
            Path program = Files.copy(Path.of("/bin/sleep"), root.resolve("releases/4/own"));
            // by a link from elsewhere, so that no argument shows it
            Path link = Files.createSymbolicLink(root.resolve("link"), program);
            processes.add(new ProcessBuilder(link.toString(), "60").start());
            Site.Removal removal = site.conclude(lock, List.of(), Optional.empty(), List.of("1", "2", "22", "3", "4"));
            assertThat(removal.removed()).containsExactly("2");
            assertThat(removal.used()).containsOnlyKeys("1", "22", "3", "4");
            assertThat(removal.used().get("1"))
                    .isEqualTo(Long.toString(processes.get(0).pid()));
        } finally {
            processes.forEach(process -> {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            });
        }
        assertThat(root.resolve("releases/1/index.php")).exists();
        assertThat(root.resolve("releases/2")).doesNotExist();
    }
}
