package io.github.phpdeploy.deploy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.archive.Selection;
import io.github.phpdeploy.host.HostAddress;
import io.github.phpdeploy.host.ssh.SshSettings;
import io.github.phpdeploy.it.Server;
import io.github.phpdeploy.it.WebHost;
import io.github.phpdeploy.probe.HealthCheck;
import io.github.phpdeploy.release.ReleaseState;
import io.github.phpdeploy.runtime.NoRuntime;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.fpm.FpmRuntime;
import io.github.phpdeploy.runtime.fpm.FpmSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Deploys and rollbacks over a real sshd, served by a real php-fpm behind a real nginx. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DeployerIT {

    @TempDir
    Path temp;

    private WebHost web;
    private Path app;
    private final List<String> said = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        web = WebHost.start(temp);
        app = Files.createDirectory(temp.resolve("app"));
        write("public/index.php", "<?php require __DIR__ . '/../src/version.php'; echo version();");
        version("one");
    }

    @AfterEach
    void stop() {
        settled();
        web.close();
    }

    private void settled() {
        Server.await("the background work to end", () -> {
            String[] left = web.site().resolve(".php-deploy/staging").toFile().list();
            return left == null || Stream.of(left).noneMatch(name -> name.startsWith("settle."));
        });
    }

    private void write(String path, String content) throws IOException {
        Path file = app.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private void version(String name) throws IOException {
        write("src/version.php", "<?php function version() { return '" + name + "'; }");
    }

    private String served() {
        return web.nginx().get("/index.php").body();
    }

    private Target target() {
        HostAddress address = HostAddress.parse(web.sshd().address());
        SshSettings ssh = new SshSettings(
                address,
                System.getProperty("user.name"),
                Optional.of(web.sshd().userKey()),
                Optional.empty(),
                Optional.empty(),
                web.sshd().knownHosts(),
                Duration.ofSeconds(10));
        return new Target(address, Optional.of(ssh), web.site().toString());
    }

    private Runtime fpm() {
        return new FpmRuntime(FpmSettings.of(web.fpm().pidFile().toString(), Duration.ofSeconds(20)));
    }

    private Optional<HealthCheck> health(String body) {
        return Optional.of(HealthCheck.of(
                web.nginx().url() + "/index.php", 200, body, Duration.ofSeconds(2), Duration.ofMillis(100)));
    }

    /** What happens on this machine when everything has been read, and nothing has been sent. */
    private Runnable beforeSending = () -> {};

    /** What a test may vary of a deploy. */
    private final class Order {

        private Optional<String> release = Optional.empty();
        private int keep = 5;
        private Shared shared = Shared.none();
        private Writable writable = Writable.none();
        private List<Hook> before = List.of();
        private List<Hook> after = List.of();
        private Runtime runtime = fpm();
        private Optional<HealthCheck> health = Optional.empty();
        private Duration hookLimit = Duration.ofSeconds(20);

        private DeployRequest request() {
            return new DeployRequest(
                    app,
                    Selection.standard(),
                    List.of(target()),
                    FleetRules.ALL,
                    Rollout.ALL,
                    release,
                    "1.0",
                    Initiator.of(Map.of("GITLAB_USER_LOGIN", "alice")),
                    temp.resolve("cache"),
                    true,
                    keep,
                    Duration.ZERO,
                    shared,
                    writable,
                    new Hooks(before, after, hookLimit),
                    runtime,
                    health,
                    false);
        }

        private DeployResult deploy() {
            said.clear();
            return new Deployer(HostConnector.STANDARD, new LogWords(new Listener())).deploy(request());
        }

        private DeployResult plan() {
            said.clear();
            return new Planner(HostConnector.STANDARD, new LogWords(new Listener())).plan(request());
        }

        private DeployResult succeeds() {
            DeployResult result = deploy();
            assertThat(result).isInstanceOf(DeployResult.Success.class);
            return result;
        }

        private String fails() {
            DeployResult result = deploy();
            assertThat(result).isInstanceOf(DeployResult.Failure.class);
            return ((DeployResult.Failure) result).cause().getMessage();
        }
    }

    private final class Listener implements LogSink {

        @Override
        public synchronized void info(String line) {
            said.add(line);
            if (line.contains("to send")) {
                beforeSending.run();
            }
        }

        @Override
        public synchronized void warn(String line) {
            said.add("WARN " + line);
        }

        @Override
        public synchronized void debug(String line) {
            said.add("DEBUG " + line);
        }

        @Override
        public void moment(String line) {}

        @Override
        public boolean isLive() {
            return false;
        }
    }

    private DeployResult rollback(Optional<String> release, boolean force, Optional<HealthCheck> health) {
        return new Rollbacker(HostConnector.STANDARD, new LogWords(new Listener()))
                .rollback(new RollbackRequest(
                        List.of(target()),
                        FleetRules.ALL,
                        release,
                        force,
                        Initiator.of(Map.of()),
                        Duration.ZERO,
                        fpm(),
                        health));
    }

    private DeployResult rollback() {
        return rollback(Optional.empty(), false, Optional.empty());
    }

    private List<JsonObject> journal() throws IOException {
        return Files.readAllLines(web.site().resolve(".php-deploy/journal.jsonl")).stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
    }

    private String state(String release) throws IOException {
        Path record = web.site().resolve(".php-deploy/releases/" + release + ".json");
        return JsonParser.parseString(Files.readString(record))
                .getAsJsonObject()
                .get("state")
                .getAsString();
    }

    private List<String> releases() throws IOException {
        try (Stream<Path> all = Files.list(web.site().resolve("releases"))) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aReleaseGoesLiveAndComesBack() throws IOException {
        DeployResult first = new Order().succeeds();
        assertThat(served()).isEqualTo("one");
        assertThat(first.release()).matches("\\d{14}");
        assertThat(web.current()).isEqualTo(first.release());
        assertThat(state(first.release())).isEqualTo("good");

        version("two");
        DeployResult second = new Order().succeeds();
        assertThat(served()).isEqualTo("two");
        // whether workers had to go for that depends on what OPcache could tell; that none runs old code does not
        assertThat(said)
                .anyMatch(line -> line.contains(" new connections to ") && line.endsWith(" show " + second.release()));
        HostOutcome host = second.hosts().get(0);
        assertThat(host.filesSent()).isEqualTo(1);
        assertThat(host.filesReused()).isEqualTo(1);
        assertThat(host.previous()).isEqualTo(first.release());
        assertThat(host.current()).isEqualTo(second.release());
        assertThat(host.phases()).containsOnlyKeys(Stage.values());

        DeployResult back = rollback();
        assertThat(back).isInstanceOf(DeployResult.Success.class);
        assertThat(served()).isEqualTo("one");
        assertThat(web.current()).isEqualTo(first.release());
        assertThat(state(second.release())).isEqualTo(ReleaseState.BAD.word());

        JsonObject entry = journal().get(1);
        assertThat(entry.keySet())
                .containsExactly(
                        "time",
                        "action",
                        "release",
                        "previous",
                        "outcome",
                        "operator",
                        "version",
                        "commit",
                        "host",
                        "files",
                        "bytes",
                        "millis",
                        "message",
                        "runtime");
        assertThat(entry.getAsJsonObject("runtime").get("way").getAsString()).contains("php-fpm");
        assertThat(entry.get("outcome").getAsString()).isEqualTo("success");
        assertThat(entry.get("operator").getAsString()).isEqualTo("alice");
        assertThat(entry.get("host").getAsString()).isEqualTo(web.sshd().address());
        assertThat(journal().get(2).get("action").getAsString()).isEqualTo("rollback");
    }

    @Test
    void aSecondRollbackNeverLandsOnABadRelease() throws IOException {
        final String one = new Order().succeeds().release();
        version("two");
        final String two = new Order().succeeds().release();
        version("three");
        final String three = new Order().succeeds().release();
        rollback();
        assertThat(web.current()).isEqualTo(two);
        rollback();
        assertThat(web.current()).isEqualTo(one);
        DeployResult third = rollback();
        assertThat(third).isInstanceOf(DeployResult.Failure.class);
        assertThat(((DeployResult.Failure) third).cause().getMessage())
                .contains("no good release older than the current one")
                .contains(one + " (good, current), " + two + " (bad), " + three + " (bad)");
        assertThat(web.current()).isEqualTo(one);

        DeployResult toBad = rollback(Optional.of(three), false, Optional.empty());
        assertThat(((DeployResult.Failure) toBad).cause().getMessage())
                .contains("is bad, and not known to be good")
                .contains("-Dphp.force");
        assertThat(rollback(Optional.of(three), true, Optional.empty())).isInstanceOf(DeployResult.Success.class);
        assertThat(served()).isEqualTo("three");
        assertThat(state(one)).isEqualTo("good");
        DeployResult unknown = rollback(Optional.of("1999"), false, Optional.empty());
        assertThat(((DeployResult.Failure) unknown).cause().getMessage()).contains("there is no release 1999");
    }

    @Test
    void aDryRunOfARollbackChangesNothing() throws IOException {
        new Order().succeeds();
        version("two");
        final String two = new Order().succeeds().release();
        final List<Long> workers = web.fpm().workers();
        final int entries = journal().size();
        DeployResult plan = new Rollbacker(HostConnector.STANDARD, new LogWords(new Listener()))
                .plan(new RollbackRequest(
                        List.of(target()),
                        FleetRules.ALL,
                        Optional.empty(),
                        false,
                        Initiator.of(Map.of()),
                        Duration.ZERO,
                        fpm(),
                        Optional.empty()));
        assertThat(plan).isInstanceOf(DeployResult.Planned.class);
        assertThat(String.join("\n", said)).contains("from releases/" + two + " to releases/");
        assertThat(web.current()).isEqualTo(two);
        assertThat(state(two)).isEqualTo("good");
        assertThat(web.fpm().workers()).isEqualTo(workers);
        assertThat(journal()).hasSize(entries);
    }

    @Test
    void aRollbackThatCannotBeginSaysWhy() {
        HostConnector none = target -> {
            throw new PhpDeployException("refused", "look there");
        };
        DeployResult result = new Rollbacker(none, new LogWords(new Listener()))
                .rollback(new RollbackRequest(
                        List.of(target()),
                        FleetRules.ALL,
                        Optional.empty(),
                        false,
                        Initiator.of(Map.of()),
                        Duration.ZERO,
                        fpm(),
                        Optional.empty()));
        assertThat(((DeployResult.Failure) result).cause().getMessage())
                .isEqualTo("refused; nothing was changed; look there.");
    }

    @Test
    void aLinkThatIsNoneOfOursIsReplacedAndBroughtBack() throws IOException {
        Path old = Files.createDirectories(web.site().resolve("old/public"));
        Files.writeString(old.resolve("index.php"), "<?php echo 'old';");
        Files.createSymbolicLink(web.site().resolve("current"), Path.of("old"));
        Order order = new Order();
        order.health = health("something else");
        assertThat(order.fails()).contains("it was undone: old is current again");
        assertThat(said).anyMatch(line -> line.contains("current pointed to old, which is none of our releases"));
        assertThat(Files.readSymbolicLink(web.site().resolve("current"))).hasToString("old");
        assertThat(served()).isEqualTo("old");
        assertThat(new Order().succeeds().hosts().get(0).previous()).isEqualTo("old");
    }

    @Test
    void aHookThatTakesTooLongIsNamed() throws IOException {
        Order order = new Order();
        order.before = List.of(new Hook("echo begun; sleep 60", false));
        order.hookLimit = Duration.ofSeconds(1);
        assertThat(order.fails())
                .contains("the hook \"echo begun; sleep 60\"")
                .contains("did not end within 1 s")
                .contains("-Dphp.hookTimeout");
    }

    @Test
    void aTemplateThatIsNotThereStopsBeforeAnythingIsSent() {
        Order order = new Order();
        order.shared = new Shared(List.of(), List.of(new Shared.File(".env", Optional.of(app.resolve("nope.tpl")))));
        assertThat(order.fails()).contains("its template").contains("nope.tpl is no file that can be read");
        assertThat(web.site().resolve("releases")).doesNotExist();
    }

    @Test
    void whatAFailedDeployLeavesIsThrownAway() throws IOException {
        new Order().succeeds();
        version("two");
        Order order = new Order();
        order.before = List.of(new Hook("exit 3", false));
        assertThat(order.fails()).contains("exit code 3");
        Server.await("the trash to be empty", () -> !Files.exists(web.site().resolve(".php-deploy/trash")));
        assertThat(releases()).hasSize(1);
    }

    @Test
    void aLockThatIsBrokenBeforeTheSwitchLeavesEverythingAsItWas() throws IOException {
        final String one = new Order().succeeds().release();
        version("two");
        Order order = new Order();
        order.before =
                List.of(new Hook("head -n 1 ../../.php-deploy/lock > /dev/null; : > ../../.php-deploy/lock", false));
        assertThat(order.fails()).contains("was lost").contains("nothing was switched: " + one + " is still current");
        assertThat(said).noneMatch(line -> line.contains("undoing"));
        assertThat(served()).isEqualTo("one");
    }

    @Test
    void anUnhealthyReleaseIsUndone() throws IOException {
        Order order = new Order();
        order.health = health("one");
        final String good = order.succeeds().release();

        version("broken");
        DeployResult result = order.deploy();
        assertThat(result).isInstanceOf(DeployResult.Failure.class);
        assertThat(result.outcome()).isEqualTo("rolled-back");
        assertThat(((DeployResult.Failure) result).cause().getMessage())
                .contains("is not healthy")
                .contains("the body does not hold \"one\" (broken)")
                .contains("it was undone: " + good + " is current again");
        assertThat(served()).isEqualTo("one");
        assertThat(web.current()).isEqualTo(good);
        assertThat(state(result.release())).isEqualTo("failed");
        assertThat(journal().get(1).get("outcome").getAsString()).isEqualTo("rolled-back");
        assertThat(result.hosts().get(0).outcome().word()).isEqualTo("rolled-back");
        assertThat(result.hosts().get(0).current()).isEqualTo(good);
    }

    @Test
    void anUnhealthyFirstReleaseLeavesNoCurrent() throws IOException {
        Order order = new Order();
        order.health = health("something else");
        assertThat(order.fails()).contains("it was undone: there is no current release again");
        assertThat(Files.exists(web.site().resolve("current"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
        assertThat(new Order().succeeds().hosts().get(0).previous()).isEmpty();
        assertThat(served()).isEqualTo("one");
    }

    @Test
    void aRollbackThatIsNotHealthyIsUndone() throws IOException {
        new Order().succeeds();
        version("two");
        String two = new Order().succeeds().release();
        DeployResult result = rollback(Optional.empty(), false, health("two"));
        assertThat(result).isInstanceOf(DeployResult.Failure.class);
        assertThat(web.current()).isEqualTo(two);
        assertThat(state(two)).isEqualTo("good");
        assertThat(served()).isEqualTo("two");
    }

    @Test
    void whatIsSharedSurvives() throws IOException {
        write("storage/logs/keep.txt", "from the application");
        write("config.php.dist", "secret = 42");
        Order order = new Order();
        order.runtime = new NoRuntime();
        order.shared = new Shared(
                List.of("storage", "public/uploads"),
                List.of(new Shared.File("config/config.php", Optional.of(app.resolve("config.php.dist")))));
        String one = order.succeeds().release();
        Path current = web.site().resolve("current");
        assertThat(Files.readSymbolicLink(current.resolve("storage"))).hasToString("../../shared/storage");
        assertThat(Files.readSymbolicLink(current.resolve("public/uploads")))
                .hasToString("../../../shared/public/uploads");
        assertThat(current.resolve("storage/logs/keep.txt")).hasContent("from the application");
        assertThat(current.resolve("config/config.php")).hasContent("secret = 42");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(web.site().resolve("shared/config/config.php"))))
                .isEqualTo("rw-------");

        Files.writeString(current.resolve("public/uploads/cat.jpg"), "cat");
        Files.writeString(web.site().resolve("shared/config/config.php"), "secret = 43");
        write("storage/logs/new.txt", "not sent any more");
        DeployResult second = order.succeeds();
        assertThat(second.hosts().get(0).filesSent()).isZero();
        assertThat(second.release()).isNotEqualTo(one);
        assertThat(current.resolve("public/uploads/cat.jpg")).hasContent("cat");
        assertThat(current.resolve("config/config.php")).hasContent("secret = 43");
        assertThat(current.resolve("storage/logs/new.txt")).doesNotExist();
    }

    @Test
    void aMissingSharedFileStopsBeforeAnythingIsSent() throws IOException {
        Order order = new Order();
        order.shared = new Shared(List.of(), List.of(new Shared.File(".env", Optional.empty())));
        assertThat(order.fails())
                .contains("the shared file .env is missing on " + web.sshd().address())
                .contains(web.site() + "/shared/.env")
                .contains("nothing was activated");
        assertThat(web.site().resolve("releases")).doesNotExist();
        assertThat(web.site().resolve("shared")).doesNotExist();
        Files.createDirectories(web.site().resolve("shared"));
        Files.writeString(web.site().resolve("shared/.env"), "A=1");
        order.succeeds();
        assertThat(web.site().resolve("current/.env")).hasContent("A=1");
    }

    @Test
    void whatMustBeWritableIs() throws IOException {
        Order order = new Order();
        order.shared = new Shared(List.of("storage"), List.of());
        order.writable = new Writable(List.of("var/cache", "storage"), Optional.of("0770"), List.of("www-data"));
        order.succeeds();
        for (String directory : List.of("current/var/cache", "shared/storage")) {
            Path path = web.site().resolve(directory);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rwxrwx---");
            assertThat(Server.run("getfacl", "-cp", path.toString()))
                    .contains("user:www-data:rwx")
                    .contains("default:user:www-data:rwx");
        }
        order.succeeds();
    }

    @Test
    void hooksRunInTheReleaseAndKnowIt() throws IOException {
        Order order = new Order();
        Path out = temp.resolve("hooks.txt");
        order.before = List.of(
                new Hook("pwd -P >>'" + out + "'; echo before; echo to stderr >&2", true),
                new Hook(
                        "env | grep ^PHP_ | sort >>'" + out + "'; readlink ../../current >>'" + out + "' || :", false));
        order.after = List.of(new Hook("readlink \"$PHP_DEPLOY_PATH\"/current >>'" + out + "'", true));
        final String one = order.succeeds().release();
        assertThat(said)
                .contains(web.sshd().address() + ":   before", web.sshd().address() + ":   to stderr");
        Files.delete(out);
        String two = order.succeeds().release();
        assertThat(Files.readAllLines(out))
                .containsExactly(
                        web.site().toRealPath() + "/releases/" + two,
                        "PHP_DEPLOY_PATH=" + web.site(),
                        "PHP_PREVIOUS_RELEASE=" + one,
                        "PHP_RELEASE=" + two,
                        "PHP_RELEASE_PATH=" + web.site() + "/releases/" + two,
                        "releases/" + one,
                        "releases/" + two);
    }

    @Test
    void aHookThatFailsBeforeActivationStopsTheDeploy() throws IOException {
        final String one = new Order().succeeds().release();
        version("two");
        Order order = new Order();
        order.before = List.of(new Hook("echo no database; exit 3", false));
        assertThat(order.fails())
                .contains("the hook \"echo no database; exit 3\" failed")
                .contains("exit code 3: no database")
                .contains("nothing was switched: " + one + " is still current");
        assertThat(served()).isEqualTo("one");
        assertThat(releases()).containsExactly(one);
        assertThat(journal().get(1).get("outcome").getAsString()).isEqualTo("failed");
    }

    @Test
    void aHookThatFailsAfterActivationIsUndone() throws IOException {
        final String one = new Order().succeeds().release();
        version("two");
        Order order = new Order();
        order.after = List.of(new Hook("exit 4", false));
        assertThat(order.fails()).contains("it was undone: " + one + " is current again");
        assertThat(served()).isEqualTo("one");
    }

    @Test
    void aHookThatHangsIsEnded() throws Exception {
        Order order = new Order();
        Path pid = temp.resolve("pid");
        order.before = List.of(new Hook("echo $$ >'" + pid + "'; sleep 300; echo never", false));
        order.hookLimit = Duration.ofSeconds(1);
        DeployResult result = order.deploy();
        assertThat(((DeployResult.Failure) result).cause().getMessage()).contains("did not end within 1 s");
        long process = Long.parseLong(Files.readString(pid).strip());
        Server.await(
                "the hook to be ended",
                () -> ProcessHandle.of(process).map(p -> !p.isAlive()).orElse(true));
    }

    @Test
    void aBrokenFpmConfigurationIsFoundBeforeTheSwitch() throws IOException {
        final String one = new Order().succeeds().release();
        version("two");
        Files.writeString(web.fpm().config(), Files.readString(web.fpm().config()) + "nonsense = 1\n");
        assertThat(new Order().fails())
                .contains("php-fpm's configuration")
                .contains("does not pass its test")
                .contains("nothing was switched: " + one + " is still current");
        assertThat(served()).isEqualTo("one");
        assertThat(releases()).containsExactly(one);
    }

    @Test
    void aStalePidFileIsFoundBeforeTheSwitch() throws IOException {
        new Order().succeeds();
        Files.writeString(
                web.fpm().pidFile(), Long.toString(ProcessHandle.current().pid()));
        assertThat(new Order().fails()).contains("is stale").contains("which is no php-fpm");
    }

    @Test
    void outdatedReleasesGoAndFailedOnesDoNotPushOutGoodOnes() throws IOException {
        Order order = new Order();
        order.runtime = new NoRuntime();
        order.keep = 2;
        List<String> good = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            version("v" + i);
            good.add(order.succeeds().release());
        }
        assertThat(releases()).containsExactly(good.get(1), good.get(2));
        Order failing = new Order();
        failing.runtime = new NoRuntime();
        failing.keep = 2;
        failing.health = health("never");
        for (int i = 0; i < 4; i++) {
            version("bad" + i);
            failing.fails();
        }
        assertThat(releases()).contains(good.get(1), good.get(2));
        version("v9");
        String last = order.succeeds().release();
        assertThat(releases()).contains(good.get(2), last).doesNotContain(good.get(1));
        Server.await("the trash to be emptied", () -> !Files.exists(web.site().resolve(".php-deploy/trash")));
    }

    @Test
    void aDryRunSaysAllAndChangesNothing() throws IOException {
        DeployResult fresh = new Order().plan();
        assertThat(fresh).isInstanceOf(DeployResult.Planned.class);
        assertThat(web.site()).doesNotExist();

        Order order = new Order();
        order.keep = 1;
        final String one = order.succeeds().release();
        version("two");
        String two = order.succeeds().release();
        version("three");
        write("new file.php", "new");
        Files.writeString(web.site().resolve("current/public/index.php"), "changed behind our back");
        Path staging = web.site().resolve(".php-deploy/staging");
        Server.await("the last deploy to settle", () -> staging.toFile().list().length == 0);
        String before =
                Server.run("sh", "-c", "cd '" + web.site() + "' && find . | sort | xargs -d '\\n' stat -c '%n %Y %Z'");
        order.before = List.of(new Hook("touch " + temp.resolve("never"), false));
        order.health = health("two");
        order.plan();
        String host = web.sshd().address() + ": would ";
        assertThat(said)
                .contains(
                        host + "send new file.php",
                        host + "send src/version.php",
                        host + "send public/index.php",
                        host + "run before activation: touch " + temp.resolve("never"),
                        host + "ask " + web.nginx().url() + "/index.php from the host",
                        host + "remove release " + one)
                .anyMatch(line -> line.matches(".*would switch .*/current from releases/" + two + " to releases/\\d+"))
                .anyMatch(line -> line.contains("would reload php-fpm (master"))
                .anyMatch(line -> line.contains("would send 3 of 3 files"));
        String after =
                Server.run("sh", "-c", "cd '" + web.site() + "' && find . | sort | xargs -d '\\n' stat -c '%n %Y %Z'");
        assertThat(after).isEqualTo(before);
        assertThat(temp.resolve("never")).doesNotExist();
    }

    @Test
    void aNameThatWasLiveIsNotUsedAgain() throws IOException {
        Order order = new Order();
        order.keep = 1;
        order.release = Optional.of("v1");
        order.succeeds();
        assertThat(order.fails()).contains("release v1 exists on");
        order.release = Optional.of("v2");
        order.succeeds();
        order.release = Optional.of("v3");
        order.succeeds();
        assertThat(releases()).containsExactly("v2", "v3");
        order.release = Optional.of("v1");
        assertThat(order.fails()).contains("release v1 was live before on");
    }

    @Test
    void aSiteThatSomebodyElseBuiltIsTakenOverAndGivenBack() throws IOException {
        Files.createDirectories(web.site().resolve("old/public"));
        Files.writeString(web.site().resolve("old/public/index.php"), "<?php echo 'old';");
        Files.createSymbolicLink(web.site().resolve("current"), Path.of("old"));
        assertThat(served()).isEqualTo("old");
        Order order = new Order();
        order.health = health("nothing like it");
        order.fails();
        assertThat(served()).isEqualTo("old");
        assertThat(Files.readSymbolicLink(web.site().resolve("current"))).hasToString("old");
        new Order().succeeds();
        assertThat(served()).isEqualTo("one");
    }

    @Test
    void whatChangesWhileItIsSentIsReadOnceMore() throws IOException {
        version("one");
        new Order().succeeds();
        version("two");
        AtomicInteger times = new AtomicInteger();
        beforeSending = () -> {
            if (times.getAndIncrement() == 0) {
                unchecked(() -> version("3 is longer"));
            }
        };
        new Order().succeeds();
        assertThat(served()).contains("3 is longer");
        assertThat(said)
                .anyMatch(line -> line.contains("src/version.php changed or vanished")
                        && line.endsWith("; reading the application once more"));
        assertThat(times).hasValue(2);

        // the same length: only the host can tell
        version("4 is longer");
        times.set(0);
        beforeSending = () -> {
            if (times.getAndIncrement() == 0) {
                unchecked(() -> version("5 is longer"));
            }
        };
        new Order().succeeds();
        assertThat(served()).contains("5 is longer");
        assertThat(said).anyMatch(line -> line.contains("is not what was read here at first: src/version.php"));
    }

    /** It is sent while it is being read: nothing has been compared then. */
    @Test
    void aFirstReleaseThatChangesWhileItIsSentIsReadOnceMore() throws IOException {
        AtomicInteger times = new AtomicInteger();
        beforeSending = () -> {
            if (times.getAndIncrement() == 0) {
                unchecked(() -> version("2 is longer"));
            }
        };
        new Order().succeeds();
        assertThat(served()).contains("2 is longer");
        assertThat(said).anyMatch(line -> line.endsWith("; reading the application once more"));
        assertThat(times).hasValue(2);
        assertThat(web.site().resolve("releases").toFile().list()).hasSize(1);
    }

    @Test
    void whatNeverStaysAsItIsFailsTheDeploy() throws IOException {
        version("one");
        new Order().succeeds();
        AtomicInteger times = new AtomicInteger();
        version("other 0");
        beforeSending = () -> unchecked(() -> version("other " + times.incrementAndGet()));
        String failure = new Order().fails();
        assertThat(failure)
                .contains("is not what was read here at first: src/version.php")
                .contains("exclude it with <excludes>")
                .contains("nothing was switched");
        assertThat(times).hasValue(2);
        assertThat(served()).contains("one");
        beforeSending = () -> {};
        new Order().succeeds();
        assertThat(served()).contains("other 2");
        assertThat(web.site().resolve("releases").toFile().list()).hasSize(2);
    }

    @Test
    void aManifestThatCannotBeTrustedIsNot() throws Exception {
        for (String how : List.of("cut short", "of another tree", "hiding a change")) {
            version("before " + how);
            String base = new Order().succeeds().release();
            Path manifest = web.site().resolve(".php-deploy/manifests").resolve(base);
            Path brief = manifest.resolveSibling(base + ".brief");
            settled();
            version(how);
            String good = Files.readString(manifest);
            switch (how) {
                case "cut short" -> Files.writeString(manifest, good.substring(0, good.length() / 2));
                case "of another tree" -> Files.writeString(manifest, good.replace("version.php", "versions.php"));
                default -> lie(brief, "src/version.php", app.resolve("src/version.php"));
            }
            Server.run("rm", "-rf", temp.resolve("cache").toString());
            DeployResult result = new Order().succeeds();
            assertThat(served()).contains(how);
            assertThat(said).anyMatch(line -> line.startsWith("WARN ") && line.endsWith("so everything is sent anew"));
            assertThat(result.hosts().get(0).filesReused()).isZero();
        }
    }

    /** Has a brief manifest say of a file what it holds here. */
    private static void lie(Path brief, String path, Path content) throws Exception {
        byte[] bytes = Files.readAllBytes(brief);
        int end = 0;
        while (bytes[end] != '\n') {
            end++;
        }
        String text;
        try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes, end + 1, bytes.length - end - 1))) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        String hash = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(content)))
                .substring(0, 8);
        String lie = text.replaceFirst("f - [0-9a-f]{8}\t" + path, "f - " + hash + "\t" + path);
        assertThat(lie).isNotEqualTo(text);
        try (var out = Files.newOutputStream(brief)) {
            out.write(bytes, 0, end + 1);
            try (var zipped = new GZIPOutputStream(out)) {
                zipped.write(lie.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private interface Action {
        void run() throws IOException;
    }

    private static void unchecked(Action action) {
        try {
            action.run();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
