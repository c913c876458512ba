package io.github.phpdeploy.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.github.phpdeploy.archive.Selection;
import io.github.phpdeploy.host.HostAddress;
import io.github.phpdeploy.it.Fpm;
import io.github.phpdeploy.it.Server;
import io.github.phpdeploy.it.WebHost;
import io.github.phpdeploy.probe.HealthCheck;
import io.github.phpdeploy.runtime.fpm.FpmRuntime;
import io.github.phpdeploy.runtime.fpm.FpmSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What goes wrong with PHP-FPM: never is success reported while old code is served, and it is said which trap it is. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class FpmTrapsIT {

    @TempDir
    Path temp;

    private WebHost web;
    private Path app;
    private UnaryOperator<FpmSettings> settings = UnaryOperator.identity();
    private Optional<HealthCheck> health = Optional.empty();
    private boolean lint;
    private int keep = 50;
    private Runnable afterPreview = () -> {};
    private final List<String> said = new ArrayList<>();

    @BeforeEach
    void app() throws IOException {
        app = Files.createDirectories(temp.resolve("app"));
        version("one");
    }

    @AfterEach
    void stop() throws IOException {
        Server.await("the background work to end", () -> {
            String[] left = web.site().resolve(".php-deploy/staging").toFile().list();
            return left == null || Stream.of(left).noneMatch(name -> name.startsWith("settle."));
        });
        web.close();
        assertThat(probes(web.site())).as("probes that were left").isEmpty();
    }

    private static List<Path> probes(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().contains("probe"))
                    .toList();
        }
    }

    private void start(String scriptRoot, Consumer<Fpm.Builder> how) {
        web = WebHost.start(
                temp,
                "public",
                scriptRoot,
                how.andThen(fpm -> fpm.ini("opcache.file_update_protection = 0").ini("realpath_cache_ttl = 600")));
    }

    private static void graceful(Fpm.Builder fpm) {
        fpm.global("process_control_timeout = 10s");
    }

    private void write(String path, String content) throws IOException {
        Files.createDirectories(app.resolve(path).getParent());
        Files.writeString(app.resolve(path), content);
    }

    private void version(String name) throws IOException {
        write("public/index.php", "<?php echo '" + name + " ', include __DIR__ . '/../src/version.php';");
        write("src/version.php", "<?php return '" + name + "';");
    }

    private String served() {
        return web.nginx().get("/index.php").body();
    }

    private void strategy(FpmSettings.Strategy strategy) {
        settings = with ->
                new FpmSettings(with.control(), with.asking(), strategy, with.longestRequest(), with.allowDrops());
    }

    private void asking(UnaryOperator<FpmSettings.Asking> change) {
        settings = with -> new FpmSettings(
                with.control(), change.apply(with.asking()), with.strategy(), with.longestRequest(), with.allowDrops());
    }

    private FpmRuntime runtime() {
        return new FpmRuntime(settings.apply(FpmSettings.of(web.fpm().pidFile().toString(), Duration.ofSeconds(3))));
    }

    private DeployResult deploy() {
        said.clear();
        Target target = new Target(
                HostAddress.parse("local"), Optional.empty(), web.site().toString());
        return new Deployer(HostConnector.STANDARD, new LogWords(new Said()))
                .deploy(new DeployRequest(
                        app,
                        Selection.standard(),
                        List.of(target),
                        FleetRules.ALL,
                        Rollout.ALL,
                        Optional.empty(),
                        "1.0",
                        Initiator.of(Map.of()),
                        temp.resolve("cache"),
                        true,
                        keep,
                        Duration.ZERO,
                        Shared.none(),
                        Writable.none(),
                        Hooks.none(),
                        runtime(),
                        health,
                        lint));
    }

    private DeployResult succeeds() {
        DeployResult result = deploy();
        assertThat(result).as(() -> result + "\n" + said).isInstanceOf(DeployResult.Success.class);
        return result;
    }

    private String fails() {
        DeployResult result = deploy();
        assertThat(result).as(() -> result + "\n" + said).isInstanceOf(DeployResult.Failure.class);
        return ((DeployResult.Failure) result).cause().getMessage();
    }

    private final class Said implements LogSink {

        @Override
        public synchronized void info(String line) {
            said.add(line);
            if (line.contains("before it is activated")) {
                afterPreview.run();
            }
        }

        @Override
        public synchronized void warn(String line) {
            said.add("WARN " + line);
        }

        @Override
        public void debug(String line) {}

        @Override
        public void moment(String line) {}

        @Override
        public boolean isLive() {
            return false;
        }
    }

    @Test
    void staleCodeIsNoSuccess() throws IOException {
        start("$document_root", FpmTrapsIT::graceful);
        succeeds();
        String first = web.current();
        assertThat(served()).isEqualTo("one one");
        version("two");
        strategy(FpmSettings.Strategy.NONE);
        assertThat(fails())
                .contains("does not execute release")
                .contains("OPcache has other code for " + web.site() + "/current/public/index.php")
                .contains("it was undone: " + first + " is current again")
                .contains("$realpath_root");
        assertThat(served()).isEqualTo("one one");
    }

    /** OPcache shows nothing of that. */
    @Test
    void whatWorkersRememberIsNoSuccess() throws IOException {
        start(
                "$document_root",
                fpm -> fpm.global("process_control_timeout = 10s")
                        .ini("opcache.revalidate_path = 1")
                        .ini("realpath_cache_ttl = 120"));
        succeeds();
        String first = web.current();
        for (int i = 0; i < 20; i++) {
            assertThat(served()).isEqualTo("one one");
        }
        version("two");
        strategy(FpmSettings.Strategy.NONE);
        assertThat(fails())
                .contains("does not execute release")
                .contains("it was undone: " + first + " is current again");
        assertThat(served()).isEqualTo("one one");
    }

    /** With this, OPcache keeps nothing by way of {@code current}, and yet workers remember where that led. */
    @Test
    void revalidatedPathsAreReloaded() throws IOException {
        start(
                "$document_root",
                fpm -> fpm.global("process_control_timeout = 10s").ini("opcache.revalidate_path = 1"));
        succeeds();
        for (String version : List.of("two", "three")) {
            for (int i = 0; i < 20; i++) {
                served();
            }
            version(version);
            succeeds();
            assertThat(said).anyMatch(line -> line.contains("opcache.revalidate_path = 1 hides it"));
            for (int i = 0; i < 20; i++) {
                assertThat(served()).isEqualTo(version + " " + version);
            }
        }
    }

    @Test
    void aResetMakesNewCodeLive() throws IOException {
        start("$document_root", fpm -> {});
        succeeds();
        strategy(FpmSettings.Strategy.RESET);
        for (String version : List.of("two", "three", "four")) {
            served();
            List<Long> workers = web.fpm().workers();
            version(version);
            succeeds();
            assertThat(said).anyMatch(line -> line.contains("OPcache was reset inside php-fpm"));
            assertThat(served()).isEqualTo(version + " " + version);
            assertThat(web.fpm().workers()).isEqualTo(workers);
        }
    }

    @Test
    void nobodyHasComeYetButTheHealthCheckShowsTheWay() throws IOException {
        start("$realpath_root", FpmTrapsIT::graceful);
        succeeds();
        version("two");
        succeeds();
        assertThat(said).anyMatch(line -> line.contains("how the web server passes paths is not known"));
        version("three");
        health = Optional.of(HealthCheck.of(
                web.nginx().url() + "/index.php", 200, "", Duration.ofSeconds(5), Duration.ofMillis(100)));
        succeeds();
        assertThat(said)
                .anyMatch(line -> line.contains(
                        "switch without reloading php-fpm, because the web server passes" + " resolved paths"))
                .anyMatch(line -> line.contains("and so do 5 through the web server"));
        assertThat(served()).isEqualTo("three three");
    }

    /** A web server whose root is one release, and not {@code current}. */
    @Test
    void aWebServerThatStaysBehindIsSeen() throws IOException {
        start("$realpath_root", FpmTrapsIT::graceful);
        succeeds();
        Path fixed = temp.resolve("nginx/nginx.conf");
        Files.writeString(
                fixed,
                Files.readString(fixed).replace("srv/shop/current/", "srv/shop/releases/" + web.current() + "/"));
        Server.run(
                "kill",
                "-HUP",
                Files.readString(temp.resolve("nginx/nginx.pid")).strip());
        health = Optional.of(HealthCheck.of(
                web.nginx().url() + "/index.php", 200, "", Duration.ofSeconds(5), Duration.ofMillis(100)));
        Server.await("nginx to reload", () -> served().equals("one one"));
        String first = web.current();
        version("two");
        assertThat(fails())
                .contains("asked through its web server, it executes release " + first)
                .contains("it was undone");
    }

    @Test
    void whatDoesNotCompileNeverBecomesCurrent() throws IOException {
        start("$realpath_root", FpmTrapsIT::graceful);
        succeeds();
        String first = web.current();
        write("public/index.php", "<?php echo 'two'; }");
        assertThat(fails())
                .contains("does not compile in the pool www")
                .contains("public/index.php")
                .contains("nothing was switched: " + first + " is still current");
        write("public/index.php", "<?php function a() {} function a() {}");
        assertThat(fails()).contains("Cannot redeclare a()");
        assertThat(served()).isEqualTo("one one");
        assertThat(said).noneMatch(line -> line.contains("undoing"));
    }

    @Test
    void changedFilesAreLinted() throws IOException {
        start("$realpath_root", FpmTrapsIT::graceful);
        lint = true;
        write("src/-odd 'name\" $x.php", "<?php return 1;");
        succeeds();
        String first = web.current();
        write("src/deep/broken one.php", "<?php function {");
        assertThat(fails())
                .contains("does not pass php -l on local")
                .contains("src/deep/broken one.php on line 1")
                .contains("nothing was switched: " + first + " is still current");
        write("src/deep/broken one.php", "<?php // no more");
        succeeds();
    }

    @Test
    void whatDoesNotAnswerItsPreviewNeverBecomesCurrent() throws IOException {
        start(
                "$realpath_root",
                fpm -> fpm.global("process_control_timeout = 10s").ini("log_errors = 1"));
        asking(asked -> new FpmSettings.Asking(
                asked.socket(),
                asked.probeDirectory(),
                asked.entries(),
                Optional.of(new FpmSettings.Preview("/health?x=1", 200)),
                asked.limit()));
        write(
                "public/index.php",
                "<?php if ($_SERVER['REQUEST_URI'] !== '/health?x=1' || $_GET['x'] !== '1') die('no');"
                        + " echo basename(dirname($_SERVER['DOCUMENT_ROOT']));");
        succeeds();
        assertThat(said).anyMatch(line -> line.contains("answers: status 200 for /health?x=1"));
        String first = web.current();
        write("public/index.php", "<?php require __DIR__ . '/../vendor/autoload.php';");
        assertThat(fails())
                .contains("answers /health?x=1 with status 500 instead of 200")
                .contains("vendor/autoload.php")
                .contains("nothing was switched: " + first + " is still current");
    }

    @Test
    void aFullOpcacheIsFreed() throws IOException {
        start(
                "$realpath_root",
                fpm -> fpm.global("process_control_timeout = 10s").ini("opcache.max_accelerated_files = 200"));
        StringBuilder includes = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            write("src/f" + i + ".php", "<?php return " + i + ";");
            includes.append("include __DIR__ . '/../src/f" + i + ".php'; ");
        }
        List<String> done = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            write("public/index.php", "<?php " + includes + "echo 'v" + i + "';");
            succeeds();
            done.addAll(said);
            assertThat(served()).isEqualTo("v" + i);
        }
        assertThat(done)
                .anyMatch(line -> line.contains("OPcache has room for") && line.contains("reloaded: 4 old php-fpm"));
    }

    @Test
    void aPoolThatMayNotRunTheProbeSaysWhy() throws IOException {
        start("$realpath_root", fpm -> fpm.pool("security.limit_extensions = .php5 .phtml"));
        succeeds();
    }

    @Test
    void aPoolThatMayNotReadTheProbeSaysWhy() throws IOException {
        start("$realpath_root", fpm -> fpm.pool("php_admin_value[open_basedir] = " + temp.resolve("elsewhere")));
        assertThat(fails())
                .contains("does not run " + web.site())
                .contains("open_basedir is " + temp.resolve("elsewhere"))
                .contains("php.fpm.probeDirectory");
        Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
        asking(asked -> new FpmSettings.Asking(
                asked.socket(), Optional.of(elsewhere.toString()), asked.entries(), asked.preview(), asked.limit()));
        assertThat(fails()).contains("cannot read release").contains("add the deploy path to its open_basedir");
        assertThat(probes(elsewhere)).isEmpty();
    }

    @Test
    void theProbeIsForThePoolAlone() throws Exception {
        start("$realpath_root", FpmTrapsIT::graceful);
        succeeds();
        CompletableFuture<DeployResult> deploying = CompletableFuture.supplyAsync(this::deploy);
        List<String> seen = new ArrayList<>();
        while (!deploying.isDone()) {
            for (Path probe : probes(web.site())) {
                try {
                    seen.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(probe)));
                    assertThat(probe.getFileName().toString()).matches("\\.php-deploy-probe-[0-9a-f]{32}\\.php");
                } catch (java.nio.file.NoSuchFileException gone) {
                    // just now
                }
            }
        }
        assertThat(deploying.get()).isInstanceOf(DeployResult.Success.class);
        assertThat(seen).isNotEmpty().allMatch(mode -> mode.endsWith("------") && !mode.contains("x"));
    }

    @Test
    void aSocketThatIsNotThereIsNamed() throws IOException {
        start("$realpath_root", FpmTrapsIT::graceful);
        asking(asked -> new FpmSettings.Asking(
                Optional.of("/nowhere/fpm.sock"),
                asked.probeDirectory(),
                asked.entries(),
                asked.preview(),
                asked.limit()));
        assertThat(fails())
                .contains("the pool's socket /nowhere/fpm.sock on local cannot be asked")
                .contains("php.fpm.socket");
        UnaryOperator<FpmSettings> strict = settings;
        settings = with -> new FpmSettings(
                strict.apply(with).control(),
                strict.apply(with).asking(),
                FpmSettings.Strategy.AUTO,
                Optional.empty(),
                true);
        succeeds();
        assertThat(said).anyMatch(line -> line.startsWith("WARN") && line.contains("nothing of it can be proved"));
    }

    @Test
    void aTimeoutThatIsTooShortIsRefused() throws IOException {
        start(
                "$document_root",
                fpm -> fpm.global("process_control_timeout = 2s").pool("request_terminate_timeout = 30s"));
        succeeds();
        served();
        version("two");
        assertThat(fails())
                .contains("longer than its process_control_timeout, 2 s, and they may take 30 s")
                .contains("process_control_timeout = 30s")
                .contains("nothing was switched");
        settings = with -> new FpmSettings(
                with.control(), with.asking(), with.strategy(), Optional.of(Duration.ofSeconds(1)), true);
        succeeds();
        assertThat(served()).isEqualTo("two two");
    }

    @Test
    void aPoolOnTcpIsAskedToo() throws IOException {
        int port = Server.freePort();
        start(
                "$realpath_root",
                fpm -> fpm.global("process_control_timeout = 10s")
                        .pool("[tcp]")
                        .pool(Server.isRoot() ? "user = www-data" : ";")
                        .pool("pm = static")
                        .pool("pm.max_children = 2")
                        .pool("listen = 127.0.0.1:" + port));
        assertThat(fails()).contains("several pools: www, tcp").contains("php.fpm.socket");
        asking(asked -> new FpmSettings.Asking(
                Optional.of("127.0.0.1:" + port),
                asked.probeDirectory(),
                asked.entries(),
                asked.preview(),
                asked.limit()));
        succeeds();
        assertThat(said).anyMatch(line -> line.contains("10 new connections to"));
    }

    /** A request that lasts until a file is there. */
    private CompletableFuture<String> longRequest(Path until) throws IOException {
        write(
                "public/long.php",
                "<?php touch('" + until + ".begun'); while (!file_exists('" + until
                        + "')) { clearstatcache(); usleep(5000); } echo include __DIR__ . '/../src/version.php';");
        succeeds();
        Path begun = Path.of(until + ".begun");
        CompletableFuture<String> answer =
                CompletableFuture.supplyAsync(() -> web.nginx().get("/long.php").body());
        Server.await("the long request to begin", () -> Files.exists(begun));
        return answer;
    }

    private Path open(String name) throws IOException {
        Path directory = Files.createDirectories(temp.resolve(name));
        Server.run("chmod", "777", directory.toString());
        return directory;
    }

    @Test
    void aReleaseThatARequestStillRunsInIsKept() throws Exception {
        start("$realpath_root", FpmTrapsIT::graceful);
        keep = 1;
        Path end = open("signals").resolve("end");
        CompletableFuture<String> answer = longRequest(end);
        String old = web.current();
        version("two");
        succeeds();
        version("three");
        succeeds();
        assertThat(said).anyMatch(line -> line.contains("kept " + old + ", because process"));
        assertThat(web.site().resolve("releases/" + old)).exists();
        Files.createFile(end);
        assertThat(answer.get()).isEqualTo("one");
        version("four");
        succeeds();
        assertThat(said).anyMatch(line -> line.contains("removed " + old));
        assertThat(web.site().resolve("releases/" + old)).doesNotExist();
    }

    @Test
    void aReleaseThatAWorkerStillUsesIsKept() throws Exception {
        start("$realpath_root", FpmTrapsIT::graceful);
        keep = 1;
        write("worker.php", "<?php echo 'up'; fgets(STDIN);");
        succeeds();
        String old = web.current();
        Process worker = new ProcessBuilder("php", "worker.php")
                .directory(web.site().resolve("releases/" + old).toFile())
                .start();
        try {
            assertThat(worker.getInputStream().readNBytes(2)).asString().isEqualTo("up");
            version("two");
            succeeds();
            version("three");
            succeeds();
            assertThat(said).contains("local: kept " + old + ", because process " + worker.pid() + " uses it");
            worker.getOutputStream().close();
            worker.waitFor();
            version("four");
            succeeds();
            assertThat(said).anyMatch(line -> line.contains("removed " + old));
        } finally {
            worker.destroyForcibly();
        }
    }

    /** A release that never says which one it is cannot pass for another. */
    @Test
    void aHealthCheckOfTheOldReleaseFails() throws IOException {
        start("$realpath_root", FpmTrapsIT::graceful);
        write("public/health.php", "<?php header('X-Release: ' . basename(dirname(__DIR__))); echo 'fine';");
        HealthCheck check = HealthCheck.of(
                web.nginx().url() + "/health.php", 200, "fine", Duration.ofSeconds(2), Duration.ofMillis(100));
        health = Optional.of(check.withHeader("X-Release: " + HealthCheck.RELEASE));
        succeeds();
        String first = web.current();
        Path fixed = temp.resolve("nginx/nginx.conf");
        Files.writeString(
                fixed, Files.readString(fixed).replace("srv/shop/current/", "srv/shop/releases/" + first + "/"));
        Server.run(
                "kill",
                "-HUP",
                Files.readString(temp.resolve("nginx/nginx.pid")).strip());
        write("public/new.php", "<?php");
        version("two");
        assertThat(fails())
                .contains("is not healthy")
                .contains("X-Release: " + first + " instead of ")
                .contains("it was undone: " + first + " is current again");
        assertThat(web.current()).isEqualTo(first);
    }

    /** FPM ignores a second signal while requests of before the first one end. */
    @Test
    void aReloadDuringAReloadServesNoOldCode() throws Exception {
        start("$document_root", FpmTrapsIT::graceful);
        Path signals = open("signals");
        CompletableFuture<String> answer = longRequest(signals.resolve("end"));
        assertThat(served()).isEqualTo("one one");
        List<Long> before = web.fpm().workers();
        String pid = Files.readString(web.fpm().pidFile()).strip();
        afterPreview = () -> {
            Server.run("kill", "-USR2", pid);
            Server.await("the first reload to begin", () -> web.fpm().workers().size() == 1);
        };
        settings = with -> new FpmSettings(
                new FpmSettings.Control(
                        Optional.empty(),
                        with.control().pidFile(),
                        Optional.of("kill -USR2 " + pid + " && touch " + signals + "/second"),
                        Optional.empty(),
                        false,
                        Duration.ofSeconds(20)),
                with.asking(),
                with.strategy(),
                with.longestRequest(),
                with.allowDrops());
        version("two");
        CompletableFuture<DeployResult> deploying = CompletableFuture.supplyAsync(this::deploy);
        Server.await("the second reload to begin", () -> Files.exists(signals.resolve("second")));
        assertThat(web.fpm().workers())
                .as("workers that the first one waits for")
                .hasSize(1);
        Files.createFile(signals.resolve("end"));
        assertThat(deploying.get()).as(said::toString).isInstanceOf(DeployResult.Success.class);
        assertThat(answer.get()).isEqualTo("one");
        for (int i = 0; i < 20; i++) {
            assertThat(served()).isEqualTo("two two");
        }
        assertThat(web.fpm().workers()).doesNotContainAnyElementsOf(before);
    }
}
