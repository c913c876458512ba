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
import io.github.phpdeploy.it.FrontServer;
import io.github.phpdeploy.it.Load;
import io.github.phpdeploy.it.Server;
import io.github.phpdeploy.it.WebHost;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.fpm.FpmRuntime;
import io.github.phpdeploy.runtime.fpm.FpmSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
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
@Tag("load")
class ZeroLossIT {

    private static final int LONG = Integer.getInteger("load.switches", 0);

    /** So many seconds of a processor: a signal cuts sleep() short, and would hide what a reload does. */
    private static final String BUSY =
            "function used() { $use = getrusage(); return $use['ru_utime.tv_sec'] + $use['ru_stime.tv_sec']"
                    + " + ($use['ru_utime.tv_usec'] + $use['ru_stime.tv_usec']) / 1e6; }"
                    + " $end = used() + 0.15; while (used() < $end) { md5('x'); } ";

    private static final String INCLUDES = "echo ' ', include __DIR__ . '/inc.php', ' ',"
            + " include $_SERVER['DOCUMENT_ROOT'] . '/root.php', ' end';";

    /** All releases' files have the same time, as those of reproducible archives have: it tells OPcache nothing. */
    private static final Hooks SAME_TIMES = new Hooks(
            List.of(new Hook("find . -name '*.php' -exec touch -d '2026-01-01 00:00:00' {} +", false)),
            List.of(),
            Duration.ofSeconds(20));

    @TempDir
    Path temp;

    private WebHost web;
    private Optional<FrontServer> front = Optional.empty();
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
        front.ifPresent(FrontServer::close);
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
                        FleetRules.ALL,
                        Rollout.ALL,
                        Optional.empty(),
                        "1.0",
                        Initiator.of(Map.of()),
                        temp.resolve("cache"),
                        true,
                        50,
                        Duration.ZERO,
                        Shared.none(),
                        Writable.none(),
                        SAME_TIMES,
                        fpm(strategy),
                        Optional.empty(),
                        false));
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
                        FleetRules.ALL,
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
        return load("closed, new");
    }

    /** In an open loop fewer come, so that there is room to catch up after a stall. */
    private Load load(String how) {
        boolean keepsAlive = how.endsWith("kept");
        int port = front.map(FrontServer::port).orElse(web.nginx().port());
        return how.startsWith("open")
                ? Load.open(port, keepsAlive, Map.of("/index.php", 200, "/slow.php", 2))
                : Load.closed(port, keepsAlive, 4, Map.of("/index.php", 6, "/slow.php", 2));
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

    /**
     * Where nothing is reloaded, nobody waits longer than otherwise: p99.9 stays within twice that of the same load without a
     * deploy. Where that is a few milliseconds, chance decides; so less than half of what a slow request takes counts as
     * nothing: whoever comes during a reload has to wait for one. And a machine that became busy meanwhile shows that in calm too.
     */
    private void assertNobodyWaits(Load.Tally tally, Load.Tally calm, String how) {
        double noise = calm.percentile("/slow.php", 500) / 2;
        double waits = tally.percentile("/index.php", 999);
        if (waits < Math.max(noise, 2 * calm.percentile("/index.php", 999))) {
            return;
        }
        Load.Tally after = calm(how);
        report("calm once more", after);
        assertThat(waits)
                .as("p99.9 of " + tally + "\nand in calm, before: " + calm + "\nand after: " + after)
                .isLessThan(Math.max(after.percentile("/slow.php", 500) / 2, 2 * after.percentile("/index.php", 999)));
    }

    private Load.Tally calm(String how) {
        Load load = load(how);
        pause(3_000);
        return load.end(marks);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "$realpath_root; 0; 20; closed, new; no reload",
                "$realpath_root; 1; 3; open, kept; no reload",
                "$document_root; 0; 3; closed, kept; workers gone",
                "$document_root; 1; 3; open, new; workers gone"
            })
    void nothingIsLost(String root, int validate, int switches, String how, String way) throws IOException {
        web = start(root, validate, fpm -> fpm.global("process_control_timeout = 30s"));
        succeeds(deploy(FpmSettings.Strategy.AUTO));
        Load.Tally calm = calm(how);
        assertThat(calm.failed()).as("in calm, " + calm).isEmpty();
        Load load = load(how);
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
        String cell = root + " validate_timestamps=" + validate + ", " + how + ", " + count + " deploys";
        report(cell + ", calm", calm);
        report(cell, tally);
        assertNothingLost(tally);
        if (how.endsWith("kept")) {
            assertThat(tally.connections()).isLessThan(tally.visits().size() / 2);
        } else {
            assertThat(tally.connections()).isEqualTo(tally.visits().size());
        }
        if (way.equals("no reload")) {
            assertNobodyWaits(tally, calm, how);
        }
    }

    /** What they pass is seen, and what that needs is done. */
    @ParameterizedTest
    @CsvSource({
        "apache, the web server passes unresolved paths, workers gone",
        "caddy, the web server passes unresolved paths, workers gone",
        "caddy with resolve_root_symlink, the web server passes resolved paths, 10 new connections"
    })
    void behindOtherWebServersNothingIsLost(String server, String why, String done) throws IOException {
        web = start("$realpath_root", 0, fpm -> fpm.global("process_control_timeout = 30s"));
        succeeds(deploy(FpmSettings.Strategy.AUTO));
        Path root = web.site().resolve("current/public");
        Path socket = web.fpm().socket();
        front = Optional.of(
                server.equals("apache")
                        ? FrontServer.apache(temp.resolve("front"), root, socket)
                        : FrontServer.caddy(temp.resolve("front"), root, socket, server.contains("resolve")));
        Load load = load("open, new");
        // OPcache keeps no file that is younger than two seconds
        pause(2_500);
        for (int i = 0; i < Math.max(2, LONG); i++) {
            said.clear();
            succeeds(deploy(FpmSettings.Strategy.AUTO));
            assertThat(said).anyMatch(line -> line.contains(why)).anyMatch(line -> line.contains(done));
            pause(300);
        }
        rollback("v" + (version - 1));
        pause(300);
        Load.Tally tally = load.end(marks);
        report(server, tally);
        assertNothingLost(tally);
    }

    /** The loader can see: this is how everybody does it, and how the plugin does not. */
    @Test
    void theUsualRecipeLosesRequests() throws Exception {
        web = start("$document_root", 1, fpm -> {});
        succeeds(deploy(FpmSettings.Strategy.NONE));
        Load load = load();
        for (int i = 0; i < 5; i++) {
            pause(500);
            String next = web.site().resolve("releases/by-hand-" + i).toString();
            Server.run("cp", "-a", web.site().resolve("current").toRealPath().toString(), next);
            Server.run("ln", "-sfn", next, web.site().resolve("current").toString());
            Server.run("kill", "-USR2", Files.readString(web.fpm().pidFile()).strip());
        }
        Load.Tally tally = load.end(List.of());
        report("ln -sfn and kill -USR2 with process_control_timeout = 0", tally);
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
