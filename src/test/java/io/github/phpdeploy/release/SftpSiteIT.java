package io.github.phpdeploy.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.ssh.SshHost;
import io.github.phpdeploy.it.Server;
import io.github.phpdeploy.it.SftpOnly;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** A deploy path on a host that allows nothing but SFTP. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SftpSiteIT {

    private static final Instant TIME = Instant.parse("2026-11-21T21:42:00Z");

    /** A lock that was not renewed for three seconds is dead, so that the tests need not wait for a minute. */
    private static final SftpTimes QUICK = new SftpTimes(Duration.ofMillis(500), Duration.ofSeconds(3));

    private static SftpOnly web;
    private Path root;

    @BeforeAll
    static void start() {
        assumeTrue(Server.isRoot(), "only root can shut an account into a directory");
        web = SftpOnly.start("internal-sftp");
    }

    @AfterAll
    static void stop() {
        if (web != null) {
            web.close();
        }
    }

    @BeforeEach
    void site() {
        root = web.site().resolve("not there yet").resolve(Long.toString(System.nanoTime()));
    }

    private SshHost connect() {
        return SshHost.connect(web.settings());
    }

    private SftpSite site(SshHost host, SftpTimes times) {
        return new SftpSite(host, host.files(), "/site/not there yet/" + root.getFileName(), times);
    }

    private SftpSite site(SshHost host) {
        return site(host, QUICK);
    }

    private static LockHolder holder(String token) {
        return new LockHolder(token, "alice", "build-7", 4711, "", "deploy", TIME);
    }

    private static SiteLock lock(Site site, String token) {
        return site.lock(holder(token), Duration.ZERO, other -> {});
    }

    private Path claim(String token) {
        return root.resolve(".php-deploy/locks").resolve(token);
    }

    @Test
    void aDeployPathThatIsNotThereIsLookedAtWithoutBeingMade() {
        try (SshHost host = connect()) {
            SiteState state = site(host).inspect();
            assertThat(state.current()).isEmpty();
            assertThat(state.releases()).isEmpty();
            assertThat(site(host).unlock(false)).isEmpty();
            assertThat(site(host).journal(5)).isEmpty();
            assertThat(root).doesNotExist();
        }
    }

    @Test
    void onlyOneHasTheLockAndTheOtherIsToldWho() throws IOException {
        try (SshHost host = connect();
                SshHost second = connect()) {
            Site site = site(host);
            try (SiteLock lock = lock(site, "t1")) {
                assertThat(lock.leftBehind()).isEmpty();
                assertThat(lock.state().freeKibibytes().orElse(0)).isPositive();
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve(".php-deploy"))))
                        .isEqualTo("rwx------");
                assertThatThrownBy(() -> lock(site(second), "t2"))
                        .isInstanceOf(PhpDeployException.class)
                        .hasMessageContaining("locked by alice on build-7 (process 4711), deploy since 2026")
                        .hasMessageContaining("-Dphp.lockWait=SECONDS");
                assertThat(site(second).unlock(false)).contains(holder("t1"));
            }
            assertThat(site(second).unlock(false)).isEmpty();
            lock(site(second), "t3").close();
        }
    }

    @Test
    void ofManyWhoComeAtOnceNeverTwoHaveTheLock() throws Exception {
        int many = 6;
        ExecutorService pool = Executors.newFixedThreadPool(many);
        CountDownLatch go = new CountDownLatch(1);
        List<Future<Boolean>> all = new ArrayList<>();
        Path inside = root.resolve("inside");
        try (SshHost host = connect()) {
            lock(site(host), "first").close();
            for (int i = 0; i < many; i++) {
                String token = "token" + i;
                SftpSite site = site(host);
                all.add(pool.submit(() -> {
                    go.await();
                    try (SiteLock lock = site.lock(holder(token), Duration.ofSeconds(30), other -> {})) {
                        Files.createDirectory(inside);
                        assertThat(lock.state().occupied()).isFalse();
                        TimeUnit.MILLISECONDS.sleep(50);
                        Files.delete(inside);
                    }
                    return true;
                }));
            }
            go.countDown();
            for (Future<Boolean> each : all) {
                assertThat(each.get()).isTrue();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void theLockOfAKilledClientIsTakenOverAfterItsTime() {
        SftpTimes slow = new SftpTimes(Duration.ofMillis(500), Duration.ofSeconds(7));
        SshHost killed = connect();
        Site site = site(killed, slow);
        lock(site, "t1");
        killed.close();
        try (SshHost host = connect()) {
            assertThatThrownBy(() -> lock(site(host, slow), "t2")).hasMessageContaining("is locked by alice");
            List<LockHolder> told = new ArrayList<>();
            try (SiteLock lock = site(host, slow).lock(holder("t3"), Duration.ofSeconds(20), told::add)) {
                assertThat(told).containsExactly(holder("t1"));
                assertThat(lock.leftBehind()).contains(holder("t1"));
                assertThat(claim("t1")).doesNotExist();
            }
        }
    }

    @Test
    void aLockThatIsHeldForLongStays() throws Exception {
        try (SshHost host = connect();
                SshHost second = connect()) {
            Site site = site(host);
            try (SiteLock lock = lock(site, "t1")) {
                TimeUnit.SECONDS.sleep(4);
                assertThatThrownBy(() -> lock(site(second), "t2")).hasMessageContaining("is locked by alice");
                site.conclude(lock, List.of(), Optional.empty(), List.of());
            }
        }
    }

    @Test
    void whoLosesTheLockChangesNothing() throws IOException {
        try (SshHost host = connect();
                SshHost second = connect()) {
            Site site = site(host);
            try (SiteLock broken = lock(site, "t1")) {
                make("1");
                assertThat(site(second).unlock(true)).contains(holder("t1"));
                assertThatThrownBy(() ->
                                site.activate(broken, Optional.of("releases/1"), Optional.empty(), Optional.empty()))
                        .isInstanceOf(PhpDeployException.class)
                        .hasMessageContaining("was lost");
                assertThatThrownBy(() -> site.conclude(broken, List.of(), Optional.empty(), List.of("1")))
                        .hasMessageContaining("was lost");
            }
            assertThat(root.resolve("current")).doesNotExist();
            assertThat(root.resolve("releases/1")).exists();
        }
    }

    @Test
    void aShellsLockIsRespectedAsLongAsTheShellLives() throws IOException {
        try (SshHost host = connect()) {
            Site site = site(host, SftpTimes.STANDARD);
            lock(site, "t0").close();
            Path lock = root.resolve(".php-deploy/lock");
            Path alive = root.resolve(".php-deploy/alive");
            Files.writeString(lock, holder("shell").json() + "\n4711\n");
            web.give(lock);
            Files.writeString(alive, "");
            assertThatThrownBy(() -> lock(site, "t1")).hasMessageContaining("is locked by alice");
            assertThatThrownBy(() -> site.unlock(true)).hasMessageContaining("a shell on the host holds it");
            Files.setLastModifiedTime(alive, FileTime.from(Instant.now().minusSeconds(70)));
            try (SiteLock taken = lock(site, "t2")) {
                assertThat(taken.leftBehind()).contains(holder("shell"));
                assertThat(lock).isEmptyFile();
            }
        }
    }

    private void make(String id) throws IOException {
        Path release = root.resolve("releases").resolve(id);
        Files.createDirectories(release);
        Files.writeString(release.resolve("index.php"), id);
        web.give(root.resolve("releases"));
        web.give(release);
        web.give(release.resolve("index.php"));
    }

    @Test
    void activationIsARenameOfARelativeLinkAndExpectsWhatWasThere() throws IOException {
        try (SshHost host = connect()) {
            Site site = site(host);
            try (SiteLock lock = lock(site, "t1")) {
                make("1");
                make("2");
                ReleaseRecord record = SiteTest.release("1", ReleaseState.ACTIVE);
                site.activate(lock, Optional.of("releases/1"), Optional.empty(), Optional.of(record));
                assertThat(Files.readSymbolicLink(root.resolve("current"))).hasToString("releases/1");
                assertThat(site.inspect().current()).contains(new Release("1", Optional.of(record)));
                assertThatThrownBy(() -> site.activate(
                                lock, Optional.of("releases/2"), Optional.of("releases/0"), Optional.empty()))
                        .hasMessageContaining("points to \"releases/1\" now, and not to \"releases/0\"");
                assertThatThrownBy(() -> site.activate(
                                lock, Optional.of("releases/3"), Optional.of("releases/1"), Optional.empty()))
                        .hasMessageContaining("releases/3 is not on");
                site.activate(lock, Optional.of("releases/2"), Optional.of("releases/1"), Optional.empty());
                assertThat(Files.readSymbolicLink(root.resolve("current"))).hasToString("releases/2");
                site.activate(lock, Optional.empty(), Optional.of("releases/2"), Optional.empty());
                assertThat(root.resolve("current")).doesNotExist();
            }
        }
    }

    @Test
    void outdatedReleasesGoAndTheJournalIsReadFromItsEnd() throws IOException {
        try (SshHost host = connect()) {
            Site site = site(host);
            try (SiteLock lock = lock(site, "t1")) {
                make("1");
                make("2");
                for (int i = 0; i < 30; i++) {
                    JournalEntry entry = new JournalEntry(
                            TIME.plusSeconds(i),
                            "deploy",
                            "r" + i,
                            "",
                            "success",
                            "alice",
                            "",
                            "",
                            "web",
                            1,
                            2,
                            3,
                            "ü".repeat(2000),
                            Map.of());
                    site.conclude(
                            lock, List.of(SiteTest.release("1", ReleaseState.GOOD)), Optional.of(entry), List.of());
                }
                assertThat(site.journal(2).stream().map(JournalEntry::release)).containsExactly("r29", "r28");
                assertThat(site.journal(100)).hasSize(30);
                assertThat(site.conclude(lock, List.of(), Optional.empty(), List.of("1"))
                                .removed())
                        .containsExactly("1");
            }
        }
        assertThat(root.resolve("releases")).isDirectoryNotContaining("glob:**/1");
        assertThat(root.resolve(".php-deploy/releases/1.json")).doesNotExist();
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(root.resolve(".php-deploy/journal.jsonl"))))
                .isEqualTo("rw-------");
    }

    @Test
    void somethingElseAtCurrentAndADirectoryOfSomebodyElseAreTold() throws IOException {
        try (SshHost host = connect()) {
            Files.createDirectories(root.resolve("current"));
            assertThatThrownBy(() -> lock(site(host), "t1")).hasMessageContaining("is not a symbolic link");
            Server.run("rm", "-rf", root.toString());
            SftpSite above = new SftpSite(host, host.files(), "/not/mine", QUICK);
            assertThatThrownBy(() -> lock(above, "t1"))
                    .hasMessageContaining("/not: Permission denied")
                    .hasMessageContaining("sees that one as /");
        }
    }
}
