package io.github.phpdeploy.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.github.phpdeploy.archive.Selection;
import io.github.phpdeploy.host.HostAddress;
import io.github.phpdeploy.host.ssh.SshSettings;
import io.github.phpdeploy.it.Fpm;
import io.github.phpdeploy.it.Load;
import io.github.phpdeploy.it.Server;
import io.github.phpdeploy.it.WebHost;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.fpm.FpmRuntime;
import io.github.phpdeploy.runtime.fpm.FpmSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Deploys and rollbacks under load: no request fails, none is served by two releases, and none by an old one once the goal has
 * returned. With {@code -Pload} longer, and in more configurations.
 */
@Timeout(value = 900, unit = TimeUnit.SECONDS)
class ZeroLossIT {

    private static final int LONG = Integer.getInteger("load.switches", 0);

    /** Real work of a processor: a signal cuts sleep() short, and would hide what a reload does. */
    private static final String BUSY = "$end = microtime(true) + 0.25; while (microtime(true) < $end) { md5('x'); } ";

    private static final String INCLUDES = "echo ' ', include __DIR__ . '/inc.php', ' ',"
            + " include $_SERVER['DOCUMENT_ROOT'] . '/root.php', ' end';";

    @TempDir
    Path temp;

    private WebHost web;
    private Path app;
    private int version;
    private final List<Load.Mark> marks = new ArrayList<>();
    private final List<String> said = new ArrayList<>();

    @AfterEach
    void stop() {
        Server.await("the background work to end", () -> {
            String[] left = web.site().resolve(".php-deploy/staging").toFile().list();
            return left == null || Stream.of(left).noneMatch(name -> name.startsWith("settle."));
        });
        web.close();
    }

    private WebHost start(String scriptRoot, int validate, Consumer<Fpm.Builder> more) {
        return WebHost.start(
                temp,
                "public",
                scriptRoot,
                more.andThen(fpm -> fpm.pool("pm.max_children = 12")
                        .pool("pm.status_path = /fpm-status")
                        .ini("opcache.validate_timestamps = " + validate)
                        .ini("opcache.revalidate_freq = 0")
                        .ini("realpath_cache_ttl = 120")));
    }

    /** The next version: its name stands in the entry and in two files that it includes. */
    private String next() throws IOException {
        String name = "v" + ++version;
        app = temp.resolve("app");
        Files.createDirectories(app.resolve("public"));
        Files.writeString(app.resolve("public/index.php"), "<?php echo '" + name + "'; " + INCLUDES);
        Files.writeString(app.resolve("public/slow.php"), "<?php " + BUSY + "echo '" + name + "'; " + INCLUDES);
        Files.writeString(app.resolve("public/inc.php"), "<?php return '" + name + "';");
        Files.writeString(app.resolve("public/root.php"), "<?php return '" + name + "';");
        return name;
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

    private Runtime fpm(FpmSettings.Strategy strategy) {
        FpmSettings standard = FpmSettings.of(web.fpm().pidFile().toString(), Duration.ofSeconds(30));
        return new FpmRuntime(new FpmSettings(
                standard.control(), standard.asking(), strategy, Optional.of(Duration.ofSeconds(2)), false));
    }

    private DeployResult deploy(FpmSettings.Strategy strategy) throws IOException {
        String name = next();
        DeployResult result = new Deployer(HostConnector.STANDARD, new LogWords(new Said()))
                .deploy(new DeployRequest(
                        app,
                        Selection.standard(),
                        List.of(target()),
                        Optional.empty(),
                        "1.0",
                        Initiator.of(Map.of()),
                        temp.resolve("cache"),
                        true,
                        50,
                        Duration.ZERO,
                        Shared.none(),
                        Writable.none(),
                        Hooks.none(),
                        fpm(strategy),
                        Optional.empty()));
        if (result instanceof DeployResult.Success) {
            marks.add(new Load.Mark(System.nanoTime(), name));
        }
        return result;
    }

    /** Back to the release before, as often as wanted: that one must be the one before the last mark. */
    private void rollback(String name) {
        DeployResult result = new Rollbacker(HostConnector.STANDARD, new LogWords(new Said()))
                .rollback(new RollbackRequest(
                        List.of(target()),
                        Optional.empty(),
                        false,
                        Initiator.of(Map.of()),
                        Duration.ZERO,
                        fpm(FpmSettings.Strategy.AUTO),
                        Optional.empty()));
        assertThat(result).as(said::toString).isInstanceOf(DeployResult.Success.class);
        marks.add(new Load.Mark(System.nanoTime(), name));
    }

    private void succeeds(DeployResult result) {
        assertThat(result).as(() -> result + "\n" + said).isInstanceOf(DeployResult.Success.class);
    }

    private final class Said implements LogSink {

        @Override
        public synchronized void info(String line) {
            said.add(line);
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

    private Load load() {
        return new Load(web.nginx().port(), 4, Map.of("/index.php", 6, "/slow.php", 2));
    }

    private static void report(String cell, Load.Tally tally) {
        System.out.println("[load] " + cell + ": " + tally);
    }

    private static void assertNothingLost(Load.Tally tally) {
        assertThat(tally.failed()).as(tally::toString).isEmpty();
        assertThat(tally.torn()).as(tally::toString).isEmpty();
        assertThat(tally.stale()).as(tally::toString).isEmpty();
        assertThat(tally.visits()).hasSizeGreaterThan(500);
    }

    @ParameterizedTest
    @CsvSource({
        "$realpath_root, 0, 20, no reload",
        "$realpath_root, 1, 3, no reload",
        "$document_root, 0, 3, workers gone",
        "$document_root, 1, 3, workers gone"
    })
    void nothingIsLost(String root, int validate, int switches, String way) throws IOException {
        web = start(root, validate, fpm -> fpm.global("process_control_timeout = 10s"));
        succeeds(deploy(FpmSettings.Strategy.AUTO));
        Load quiet = load();
        pause(3_000);
        Load.Tally calm = quiet.end(marks);
        Load load = load();
        int count = Math.max(switches, LONG);
        for (int i = 0; i < count; i++) {
            said.clear();
            succeeds(deploy(FpmSettings.Strategy.AUTO));
            pause(300);
        }
        assertThat(said).anyMatch(line -> line.contains("10 new connections"));
        assertThat(said.stream().filter(line -> line.contains("workers gone")).count())
                .isEqualTo(way.equals("no reload") ? 0 : 1);
        for (int i = 1; i <= Math.min(5, count); i++) {
            rollback("v" + (version - i));
            pause(300);
        }
        Load.Tally tally = load.end(marks);
        report(root + " validate_timestamps=" + validate + ", " + count + " deploys, calm", calm);
        report(root + " validate_timestamps=" + validate + ", " + count + " deploys", tally);
        assertNothingLost(tally);
    }

    /** The loader can see: this is how everybody does it, and how the plugin does not. */
    @Test
    void theUsualRecipeLosesRequests() throws Exception {
        web = start("$realpath_root", 1, fpm -> {});
        succeeds(deploy(FpmSettings.Strategy.NONE));
        Load load = load();
        for (int i = 0; i < 5; i++) {
            pause(500);
            Server.run("kill", "-USR2", Files.readString(web.fpm().pidFile()).strip());
        }
        Load.Tally tally = load.end(List.of());
        report("kill -USR2 with process_control_timeout = 0", tally);
        assertThat(tally.failed()).isNotEmpty();
    }

    /** As Debian ships it: the plugin says what to do, and nobody notices that it was asked. */
    @Test
    void theDefaultConfigurationIsRefused() throws IOException {
        web = start("$document_root", 1, fpm -> {});
        succeeds(deploy(FpmSettings.Strategy.AUTO));
        Load load = load();
        // OPcache keeps no file that is younger than two seconds
        pause(2_500);
        DeployResult refused = deploy(FpmSettings.Strategy.AUTO);
        pause(300);
        Load.Tally tally = load.end(marks);
        assertThat(refused).isInstanceOf(DeployResult.Failure.class);
        assertThat(((DeployResult.Failure) refused).cause().getMessage())
                .contains("process_control_timeout is 0")
                .contains("/srv/shop/current/public/")
                .contains("$realpath_root")
                .contains("nothing was switched");
        assertNothingLost(tally);
    }

    private static void pause(int millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
