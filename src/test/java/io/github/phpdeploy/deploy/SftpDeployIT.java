package io.github.phpdeploy.deploy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.sun.net.httpserver.HttpServer;
import io.github.phpdeploy.archive.Selection;
import io.github.phpdeploy.host.HostAddress;
import io.github.phpdeploy.host.ssh.SshSettings;
import io.github.phpdeploy.it.Server;
import io.github.phpdeploy.it.SftpOnly;
import io.github.phpdeploy.it.Sshd;
import io.github.phpdeploy.probe.HealthCheck;
import io.github.phpdeploy.release.JournalEntry;
import io.github.phpdeploy.release.Release;
import io.github.phpdeploy.release.ReleaseState;
import io.github.phpdeploy.release.SiteState;
import io.github.phpdeploy.runtime.NoRuntime;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.command.CommandRuntime;
import io.github.phpdeploy.runtime.fpm.FpmRuntime;
import io.github.phpdeploy.runtime.fpm.FpmSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Deploys to a host that allows nothing but SFTP. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SftpDeployIT {

    @TempDir
    Path temp;

    private SftpOnly web;
    private Path app;
    private final List<String> said = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Server.isRoot(), "only root can shut an account into a directory");
        web = SftpOnly.start("internal-sftp");
        app = Files.createDirectory(temp.resolve("app"));
        write("index.php", "<?php require 'src/version.php';");
        write("bin/console", "#!/usr/bin/env php");
        Server.run("chmod", "755", app.resolve("bin/console").toString());
        write("src/ümlaut.php", "<?php");
        Files.createSymbolicLink(app.resolve("main.php"), Path.of("index.php"));
        Files.createDirectory(app.resolve("empty"));
        version("one");
    }

    @AfterEach
    void stop() {
        if (web != null) {
            web.close();
        }
    }

    private void write(String path, String content) throws IOException {
        Path file = app.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private void version(String name) throws IOException {
        write("src/version.php", "<?php // " + name);
    }

    private Path current(String path) {
        return web.site().resolve("current").resolve(path);
    }

    private String served() throws IOException {
        return Files.readString(current("src/version.php")).substring(9);
    }

    private static long inode(Path file) throws IOException {
        return (Long) Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS);
    }

    /** What a test may vary of a deploy. */
    private final class Order {

        private int keep = 5;
        private Shared shared = Shared.none();
        private Writable writable = Writable.none();
        private List<Hook> before = List.of();
        private Runtime runtime = new NoRuntime();
        private Optional<HealthCheck> health = Optional.empty();
        private Target target = target();

        private DeployRequest request() {
            return new DeployRequest(
                    app,
                    Selection.standard(),
                    List.of(target),
                    FleetRules.ALL,
                    Rollout.ALL,
                    Optional.empty(),
                    "1.0",
                    Initiator.of(Map.of("GITLAB_USER_LOGIN", "alice")),
                    temp.resolve("cache"),
                    true,
                    keep,
                    Duration.ZERO,
                    shared,
                    writable,
                    new Hooks(before, List.of(), Duration.ofSeconds(20)),
                    runtime,
                    health,
                    false);
        }

        private DeployResult deploy() {
            said.clear();
            return new Deployer(HostConnector.STANDARD, new LogWords(new Listener(said))).deploy(request());
        }

        private HostOutcome succeeds() {
            DeployResult result = deploy();
            if (result instanceof DeployResult.Failure failure) {
                throw failure.cause();
            }
            return result.hosts().get(0);
        }

        private String fails() {
            DeployResult result = deploy();
            assertThat(result).isInstanceOf(DeployResult.Failure.class);
            return ((DeployResult.Failure) result).cause().getMessage();
        }
    }

    private Target target() {
        return new Target(web.address(), Optional.of(web.settings()), web.deployPath());
    }

    private record Listener(List<String> said) implements LogSink {

        @Override
        public void info(String line) {
            keep(line);
        }

        @Override
        public void warn(String line) {
            keep("WARN " + line);
        }

        @Override
        public void debug(String line) {
            keep("DEBUG " + line);
        }

        private void keep(String line) {
            synchronized (said) {
                said.add(line);
            }
        }

        @Override
        public void moment(String line) {}

        @Override
        public boolean isLive() {
            return false;
        }
    }

    @Test
    void aReleaseGoesLiveAndOnlyWhatChangedTravels() throws IOException {
        HostOutcome first = new Order().succeeds();
        assertThat(served()).isEqualTo("one");
        assertThat(first.filesSent()).isEqualTo(5);
        assertThat(Files.readSymbolicLink(current("main.php"))).hasToString("index.php");
        assertThat(current("bin/console")).isExecutable();
        assertThat(current("empty")).isDirectory();
        assertThat(said).anyMatch(line -> line.contains("SFTP") && line.contains("slower"));

        final long before = inode(current("index.php"));
        version("two");
        HostOutcome second = new Order().succeeds();
        assertThat(served()).isEqualTo("two");
        assertThat(second.filesSent()).isEqualTo(1);
        assertThat(second.filesReused()).isEqualTo(4);
        assertThat(second.previous()).isEqualTo(first.current());
        assertThat(inode(current("index.php"))).isEqualTo(before);
        assertThat(second.phases()).containsOnlyKeys(Stage.values());
    }

    private void restart(String sftp, String... options) {
        web.close();
        web = SftpOnly.start(sftp, options);
    }

    /** All that the site holds, with times and inodes. */
    private String everything() {
        return Server.run("find", web.site().toString(), "-printf", "%P %y %m %s %T@ %i %l\\n");
    }

    private List<String> releases() throws IOException {
        try (Stream<Path> all = Files.list(web.site().resolve("releases"))) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private DeployResult rollback(Optional<HealthCheck> health) {
        said.clear();
        return new Rollbacker(HostConnector.STANDARD, new LogWords(new Listener(said)))
                .rollback(new RollbackRequest(
                        List.of(target()),
                        FleetRules.ALL,
                        Optional.empty(),
                        false,
                        Initiator.of(Map.of()),
                        Duration.ZERO,
                        new NoRuntime(),
                        health));
    }

    @Test
    void whatIsUnchangedIsNotSentAndModesDoNotDependOnTheServersUmask() throws IOException {
        restart("internal-sftp -u 077");
        new Order().succeeds();
        final long before = inode(current("src/version.php"));
        HostOutcome second = new Order().succeeds();
        assertThat(second.filesSent()).isZero();
        assertThat(second.filesReused()).isEqualTo(5);
        assertThat(inode(current("src/version.php"))).isEqualTo(before);
        assertThat(mode(current("src/version.php"))).isEqualTo("rw-r--r--");
        assertThat(mode(current("bin/console"))).isEqualTo("rwxr-xr-x");
        for (String directory : List.of("releases", "current/", "current/src")) {
            assertThat(mode(web.site().resolve(directory))).isEqualTo("rwxr-xr-x");
        }
        assertThat(mode(web.site().resolve(".php-deploy"))).isEqualTo("rwx------");
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void whatIsRenamedIsLinked() throws IOException {
        version("one");
        new Order().succeeds();
        final long before = inode(current("bin/console"));
        Files.move(app.resolve("bin"), app.resolve("tools"));
        HostOutcome second = new Order().succeeds();
        assertThat(second.filesSent()).isZero();
        assertThat(second.filesReused()).isEqualTo(5);
        assertThat(inode(current("tools/console"))).isEqualTo(before);
        assertThat(current("bin")).doesNotExist();
    }

    @Test
    void operatorsSeeAndRollBack() throws IOException {
        final String one = new Order().succeeds().current();
        version("two");
        final String two = new Order().succeeds().current();
        assertThat(rollback(Optional.empty())).isInstanceOf(DeployResult.Success.class);
        assertThat(served()).isEqualTo("one");

        SiteOperations operations = new SiteOperations(HostConnector.STANDARD, List.of(target()));
        SiteState state = operations.releases().get(0).answer();
        assertThat(state.current().map(Release::id)).contains(one);
        assertThat(state.find(two).orElseThrow().is(ReleaseState.BAD)).isTrue();
        List<JournalEntry> journal = operations.history(10).get(0).answer();
        assertThat(journal).extracting(JournalEntry::action).containsExactly("rollback", "deploy", "deploy");
        assertThat(journal.get(1).operator()).isEqualTo("alice");
        assertThat(operations.unlock(true).get(0).answer()).isEmpty();
        // what a host that runs nothing does not show is no finding
        assertThat(operations
                        .diagnose(new NoRuntime(), Shared.none(), Writable.none())
                        .get(0)
                        .answer())
                .isEmpty();
        assertThat(rollback(Optional.empty())).isInstanceOf(DeployResult.Failure.class);
        assertThat(operations
                        .reload(new NoRuntime(), Initiator.of(Map.of()))
                        .get(0)
                        .answer())
                .isEqualTo("nothing to reload");
        assertThatThrownBy(() -> operations.reload(
                        new CommandRuntime("true", false, Duration.ofSeconds(5), Optional.empty(), Optional.empty()),
                        Initiator.of(Map.of())))
                .hasMessageContaining("php.runtime=command needs a shell on");
    }

    @Test
    void outdatedReleasesGo() throws IOException {
        List<String> made = new ArrayList<>();
        Order order = new Order();
        order.keep = 2;
        for (String version : List.of("one", "two", "three", "four")) {
            version(version);
            made.add(order.succeeds().current());
        }
        assertThat(releases()).isEqualTo(made.subList(2, 4));
        assertThat(web.site().resolve(".php-deploy/trash")).doesNotExist();
        assertThat(web.site().resolve(".php-deploy/staging")).isEmptyDirectory();
        try (Stream<Path> manifests = Files.list(web.site().resolve(".php-deploy/manifests"))) {
            assertThat(manifests.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            made.get(2), made.get(2) + ".times", made.get(3), made.get(3) + ".times");
        }
    }

    @Test
    void whatIsSharedSurvivesAndWhatIsWritableIs() throws IOException {
        write("storage/app/seed.txt", "shipped");
        write(".env.example", "A=1");
        Order order = new Order();
        order.shared = new Shared(
                List.of("storage"), List.of(new Shared.File("config/.env", Optional.of(app.resolve(".env.example")))));
        order.writable = new Writable(List.of("storage", "var/cache"), Optional.of("0777"), List.of());
        order.succeeds();
        assertThat(Files.readSymbolicLink(current("config/.env"))).hasToString("../../../shared/config/.env");
        assertThat(current("config/.env")).hasContent("A=1");
        assertThat(mode(current("config/.env"))).isEqualTo("rw-------");
        assertThat(current("storage/app/seed.txt")).hasContent("shipped");
        assertThat(mode(current("storage"))).isEqualTo("rwxrwxrwx");
        assertThat(mode(current("var/cache"))).isEqualTo("rwxrwxrwx");

        Files.writeString(web.site().resolve("shared/config/.env"), "A=2");
        Files.writeString(web.site().resolve("shared/storage/visits"), "1");
        write(".env.example", "A=3");
        order.succeeds();
        assertThat(current("config/.env")).hasContent("A=2");
        assertThat(current("storage/visits")).hasContent("1");

        order.shared = new Shared(List.of(), List.of(new Shared.File("nowhere.ini", Optional.empty())));
        assertThat(order.fails()).contains("the shared file nowhere.ini is missing");
    }

    @Test
    void whatWasTouchedBehindOurBackComesAnew() throws IOException {
        new Order().succeeds();
        Files.writeString(current("index.php"), "<?php require 'src/Version.php';");
        Files.delete(current("src/ümlaut.php"));
        Files.writeString(current("left.log"), "by the application");
        Server.run("chmod", "644", current("bin/console").toRealPath().toString());
        HostOutcome second = new Order().succeeds();
        assertThat(second.filesSent()).isEqualTo(3);
        assertThat(current("index.php")).hasContent("<?php require 'src/version.php';");
        assertThat(current("src/ümlaut.php")).exists();
        assertThat(current("left.log")).doesNotExist();
        assertThat(current("bin/console")).isExecutable();
        assertThat(said).anyMatch(line -> line.contains("3 paths had been changed on the host"));
    }

    @Test
    void remainsOfABuildThatWasKilledAreCleared() throws IOException {
        new Order().succeeds();
        Path meta = web.site().resolve(".php-deploy");
        Path left = Files.createDirectories(meta.resolve("staging/19990101000000/tree/a"));
        Files.writeString(left.resolve("b"), "half");
        Path claim = meta.resolve("locks/t0ken");
        Files.writeString(
                claim,
                "{\"token\":\"t0ken\",\"operator\":\"bob\",\"machine\":\"build-9\",\"process\":1,\"job\":\"\","
                        + "\"action\":\"deploy\",\"since\":\"2026-11-21T21:42:00Z\"}");
        Server.run("chown", "-R", "--reference=" + meta, meta.toString());

        String refused = new Order().fails();
        assertThat(refused)
                .contains("is locked by bob on build-9 (process 1), deploy since")
                .contains("nothing was changed");

        Files.setLastModifiedTime(claim, FileTime.from(Instant.now().minusSeconds(61)));
        version("two");
        new Order().succeeds();
        assertThat(served()).isEqualTo("two");
        assertThat(said)
                .anyMatch(line -> line.contains("the lock of bob on build-9"))
                .anyMatch(line -> line.contains("the upload of release 19990101000000"));
        assertThat(meta.resolve("staging")).isEmptyDirectory();
        assertThat(meta.resolve("locks")).isEmptyDirectory();
    }

    @Test
    void ofTwoAtOnceOneIsRefused() throws Exception {
        for (int i = 0; i < 500; i++) {
            write("many/" + i % 10 + "/" + i + ".php", "<?php // " + i);
        }
        List<CompletableFuture<DeployResult>> both = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            both.add(CompletableFuture.supplyAsync(() -> new Order().deploy()));
            TimeUnit.MILLISECONDS.sleep(300);
        }
        List<DeployResult> results = both.stream().map(CompletableFuture::join).toList();
        List<DeployResult.Failure> failures = results.stream()
                .filter(DeployResult.Failure.class::isInstance)
                .map(DeployResult.Failure.class::cast)
                .toList();
        // the second may also come when the first has ended
        assertThat(failures.size()).isLessThan(2);
        failures.forEach(failure -> assertThat(failure.cause().getMessage()).contains("is locked by alice"));
        assertThat(current("many/9/499.php")).exists();
        assertThat(releases()).hasSize(2 - failures.size());
    }

    @Test
    void aDryRunNamesWhatTravelsAndChangesNothing() throws IOException {
        new Planner(HostConnector.STANDARD, new LogWords(new Listener(said))).plan(new Order().request());
        assertThat(web.site()).isEmptyDirectory();
        new Order().succeeds();
        version("two");
        Files.writeString(current("index.php"), "<?php require 'src/Version.php';");
        String before = everything();
        said.clear();
        DeployResult plan =
                new Planner(HostConnector.STANDARD, new LogWords(new Listener(said))).plan(new Order().request());
        assertThat(plan).isInstanceOf(DeployResult.Planned.class);
        assertThat(plan.hosts().get(0).filesSent()).isEqualTo(2);
        assertThat(String.join("\n", said)).contains("send src/version.php").contains("send index.php");
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void whatNeedsAShellIsRefusedBeforeAnythingIsChanged() {
        Order hooks = new Order();
        hooks.before = List.of(new Hook("true", false));
        Duration limit = Duration.ofSeconds(5);
        hooks.runtime = new FpmRuntime(new FpmSettings(
                new FpmSettings.Control(
                        Optional.of("php-fpm"), Optional.empty(), Optional.empty(), Optional.empty(), false, limit),
                new FpmSettings.Asking(
                        Optional.empty(), Optional.empty(), List.of("index.php"), Optional.empty(), limit),
                FpmSettings.Strategy.AUTO,
                Optional.empty(),
                false));
        hooks.writable = new Writable(List.of("var"), Optional.empty(), List.of("www-data"));
        assertThat(hooks.fails())
                .contains("php.runtime=fpm and <hooks> and <writable><acl> need a shell on webspace@127.0.0.1")
                .contains("This service allows sftp connections only")
                .contains("nothing was changed");
        Order stream = new Order();
        stream.target = new Target(web.address(), Optional.of(web.settings()), "/site", Transfer.STREAM);
        assertThat(stream.fails()).contains("ran no shell for us");
        assertThat(web.site()).isEmptyDirectory();
    }

    @Test
    void anAccountThatMayDoNothingIsTold() {
        try (Sshd sshd = Sshd.in(web.site().getParent().resolveSibling("nothing"))
                .account("nobody2", 4243, "", "/usr/sbin/nologin")
                .option("Match User nobody2")
                .option("  ForceCommand /usr/sbin/nologin")
                .start()) {
            HostAddress address = HostAddress.parse("nobody2@127.0.0.1:" + sshd.port());
            SshSettings settings = new SshSettings(
                    address,
                    "nobody2",
                    Optional.of(sshd.userKey()),
                    Optional.empty(),
                    Optional.empty(),
                    sshd.knownHosts(),
                    Duration.ofSeconds(10));
            for (Transfer transfer : List.of(Transfer.AUTO, Transfer.SFTP)) {
                Order order = new Order();
                order.target = new Target(address, Optional.of(settings), "/tmp/nothing", transfer);
                assertThat(order.fails())
                        .contains(transfer == Transfer.AUTO ? "ran no shell for us" : "offers no SFTP")
                        .contains("nothing was changed");
            }
        }
    }

    @Test
    void aCurrentThatIsNoneOfOursIsBroughtBackAndARealOneIsLeftAlone() throws IOException {
        Files.createDirectory(web.site().resolve("old"));
        Files.createSymbolicLink(web.site().resolve("current"), Path.of("old"));
        web.give(web.site().resolve("current"));
        HttpServer answers = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        answers.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("ok".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        answers.start();
        try {
            String url = "http://127.0.0.1:" + answers.getAddress().getPort() + "/";
            Order order = new Order();
            order.health = health(url, "something else");
            assertThat(order.fails()).contains("it was undone: old is current again");
            assertThat(Files.readSymbolicLink(web.site().resolve("current"))).hasToString("old");
            order.health = health(url, "ok");
            assertThat(order.succeeds().previous()).isEqualTo("old");

            Server.run("rm", web.site().resolve("current").toString());
            Files.createDirectory(web.site().resolve("current"));
            assertThat(order.fails()).contains("is not a symbolic link").contains("nothing was changed");

            restart("internal-sftp", "AllowTcpForwarding no");
            order = new Order();
            order.health = health(url, "ok");
            assertThat(order.fails()).contains("AllowTcpForwarding");
            assertThat(web.site().resolve("releases")).doesNotExist();
        } finally {
            answers.stop(0);
        }
    }

    private static Optional<HealthCheck> health(String url, String body) {
        return Optional.of(HealthCheck.of(url, 200, body, Duration.ofSeconds(1), Duration.ofMillis(100)));
    }

    @Test
    void aServerWithoutHardLinksGetsAllAgainAndOneWithoutRenameNothing() throws IOException {
        restart("internal-sftp -P hardlink");
        new Order().succeeds();
        HostOutcome second = new Order().succeeds();
        assertThat(second.filesSent()).isEqualTo(4);
        assertThat(second.filesReused()).isEqualTo(1);
        assertThat(said).anyMatch(line -> line.contains("refuses hard links"));
        assertThat(said).noneMatch(line -> line.contains("had been changed"));

        restart("internal-sftp -P posix-rename");
        assertThat(new Order().fails()).contains("posix-rename@openssh.com");
        assertThat(web.site()).isEmptyDirectory();
    }

    @Test
    void aSiteMayBeDeployedToByShellAndBySftpInTurns() throws IOException {
        new Order().succeeds();
        Order shell = new Order();
        shell.target = new Target(
                HostAddress.parse("local"), Optional.empty(), web.site().toString());
        version("two");
        HostOutcome second = shell.succeeds();
        assertThat(second.filesSent()).isEqualTo(1);
        assertThat(served()).isEqualTo("two");
        awaitBackgroundWork();
        Server.run("chown", "-hR", "--reference=" + web.site(), web.site().toString());
        version("three");
        HostOutcome third = new Order().succeeds();
        assertThat(third.filesSent()).isEqualTo(1);
        assertThat(said).noneMatch(line -> line.contains("had been changed"));
        assertThat(served()).isEqualTo("three");
        version("four");
        assertThat(shell.succeeds().filesSent()).isEqualTo(1);
        assertThat(served()).isEqualTo("four");
        awaitBackgroundWork();
    }

    private void awaitBackgroundWork() {
        Server.await("the background work to end", () -> {
            String[] left = web.site().resolve(".php-deploy/staging").toFile().list();
            return left == null || left.length == 0;
        });
    }

    @Test
    void aHostWithAShellButWithoutTarIsSentFilesAndRunsHooks() throws IOException {
        // not in the test's own folder: JUnit warns of each link that leads out of it
        Path bin = Files.createDirectory(web.site().getParent().resolveSibling("bin"));
        Server.run("sh", "-c", "ln -sf /usr/sbin/* /usr/bin/* " + bin + "/ && rm " + bin + "/tar " + bin + "/gzip");
        try (Sshd sshd =
                Sshd.in(temp.resolve("sshd")).option("SetEnv PATH=" + bin).start()) {
            HostAddress address = HostAddress.parse(sshd.address());
            SshSettings settings = new SshSettings(
                    address,
                    "root",
                    Optional.of(sshd.userKey()),
                    Optional.empty(),
                    Optional.empty(),
                    sshd.knownHosts(),
                    Duration.ofSeconds(10));
            Order order = new Order();
            order.target = new Target(address, Optional.of(settings), web.site().toString());
            order.before = List.of(new Hook("echo hooked; command -v tar; true", false));
            order.shared = new Shared(List.of("storage"), List.of());
            write("storage/seed", "x");
            order.succeeds();
            assertThat(said)
                    .anyMatch(line -> line.contains("slower") && line.endsWith("has no tar"))
                    .anyMatch(line -> line.endsWith("hooked"));
            assertThat(current("storage/seed")).hasContent("x");
            final long before = inode(current("index.php"));
            version("two");
            assertThat(order.succeeds().filesSent()).isEqualTo(1);
            assertThat(inode(current("index.php"))).isEqualTo(before);
            assertThat(said).noneMatch(line -> line.startsWith("WARN"));

            order.target = new Target(address, Optional.of(settings), web.site().toString(), Transfer.STREAM);
            assertThat(order.fails()).contains("has no tar to unpack a stream with");
            order.target = new Target(address, Optional.of(settings), web.site().toString(), Transfer.SFTP);
            assertThat(order.fails()).contains("<hooks> needs a shell").contains("php.transfer is sftp");
            order.before = List.of();
            version("three");
            assertThat(order.succeeds().filesSent()).isEqualTo(1);
            assertThat(served()).isEqualTo("three");
        }
    }
}
