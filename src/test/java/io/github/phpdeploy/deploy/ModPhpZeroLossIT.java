package io.github.phpdeploy.deploy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.github.phpdeploy.archive.Selection;
import io.github.phpdeploy.host.HostAddress;
import io.github.phpdeploy.host.ssh.SshSettings;
import io.github.phpdeploy.it.Load;
import io.github.phpdeploy.it.Server;
import io.github.phpdeploy.it.Sshd;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.modphp.ModPhp;
import io.github.phpdeploy.runtime.modphp.ModPhpSettings;
import io.github.phpdeploy.runtime.resident.ResidentSettings;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Deploys to an Apache that executes PHP itself, and a rollback, under load: no request fails, none is served by two releases, and
 * none by an old one once the goal has returned.
 */
@Timeout(value = 900, unit = TimeUnit.SECONDS)
@Tag("load")
class ModPhpZeroLossIT {

    private static final int LONG = Integer.getInteger("load.switches", 0);

    private static final int SWITCHES = Math.max(3, LONG);

    /** Real work of a processor: a signal cuts sleep() short, and would hide what a reload does. */
    private static final String BUSY = "$end = microtime(true) + 0.25; while (microtime(true) < $end) { md5('x'); } ";

    private static final String INCLUDES = "echo ' ', include __DIR__ . '/inc.php', ' ',"
            + " include $_SERVER['DOCUMENT_ROOT'] . '/root.php', ' end';";

    /** The line that the page on runtimes gives. */
    private static final String SHOWS =
            "header('X-Release: ' . implode(' ', array_unique(preg_replace('#^.*/releases/([^/]+)/.*$#', '$1',"
                    + " preg_grep('#/releases/[^/]+/#', get_included_files())))) . '; pid=' . getmypid());";

    @TempDir
    Path temp;

    private final List<Load.Mark> marks = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private int version;

    /** The next version: its name stands in the entry and in two files that it includes, all with the times of the one before. */
    private String next() throws IOException {
        String name = "v" + ++version;
        Path web = Files.createDirectories(temp.resolve("app/public"));
        Map<String, String> files = Map.of(
                "index.php", "<?php echo '" + name + "'; " + INCLUDES,
                "slow.php", "<?php " + BUSY + "echo '" + name + "'; " + INCLUDES,
                "inc.php", "<?php return '" + name + "';",
                "root.php", "<?php return '" + name + "';",
                "release.php", "<?php include __DIR__ . '/inc.php'; " + SHOWS);
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = Files.writeString(web.resolve(file.getKey()), file.getValue());
            Files.setLastModifiedTime(path, FileTime.fromMillis(1_600_000_000_000L + version));
        }
        return name;
    }

    private static Runtime runtime(Path pidFile, int port) {
        return new ModPhp(new ModPhpSettings(
                new ModPhpSettings.Control(
                        Optional.empty(),
                        Optional.of(pidFile.toString()),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        Duration.ofSeconds(30)),
                new ResidentSettings.Showing(
                        URI.create("http://127.0.0.1:" + port + "/release.php"),
                        ResidentSettings.Showing.HEADER,
                        Optional.empty(),
                        Duration.ofSeconds(20)),
                Optional.of(Duration.ofSeconds(2)),
                false));
    }

    private void deploy(Target target, Runtime runtime) throws IOException {
        String name = next();
        said.clear();
        DeployResult result = new Deployer(HostConnector.STANDARD, new LogWords(new Said(said)))
                .deploy(new DeployRequest(
                        temp.resolve("app"),
                        Selection.standard(),
                        List.of(target),
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
                        Hooks.none(),
                        runtime,
                        Optional.empty(),
                        false));
        assertThat(result).as(() -> result + "\n" + said).isInstanceOf(DeployResult.Success.class);
        marks.add(new Load.Mark(System.nanoTime(), name));
    }

    private void rollback(Target target, Runtime runtime, String name) {
        DeployResult result = new Rollbacker(HostConnector.STANDARD, new LogWords(new Said(said)))
                .rollback(new RollbackRequest(
                        List.of(target),
                        FleetRules.ALL,
                        Optional.empty(),
                        false,
                        Initiator.of(Map.of()),
                        Duration.ZERO,
                        runtime,
                        Optional.empty()));
        assertThat(result).as(said::toString).isInstanceOf(DeployResult.Success.class);
        marks.add(new Load.Mark(System.nanoTime(), name));
    }

    static int[] validateTimestamps() {
        return LONG > 0 ? new int[] {0, 1} : new int[] {0};
    }

    @ParameterizedTest
    @MethodSource("validateTimestamps")
    void nothingIsLost(int validate) throws Exception {
        Path site = temp.resolve("srv/shop");
        try (Sshd sshd = Sshd.in(temp.resolve("sshd")).start()) {
            Server.run("chmod", "a+x", temp.toString());
            HostAddress address = HostAddress.parse(sshd.address());
            SshSettings ssh = new SshSettings(
                    address,
                    System.getProperty("user.name"),
                    Optional.of(sshd.userKey()),
                    Optional.empty(),
                    Optional.empty(),
                    sshd.knownHosts(),
                    Duration.ofSeconds(10));
            Target target = new Target(address, Optional.of(ssh), site.toString());
            // Apache does not start before its document root is there
            deploy(target, runtime(temp.resolve("apache/httpd.pid"), 9));
            assertThat(said).anyMatch(line -> line.contains("start the server when this first deploy is done"));
            try (io.github.phpdeploy.it.ModPhp apache = io.github.phpdeploy.it.ModPhp.in(temp.resolve("apache"))
                    .ini("opcache.validate_timestamps = " + validate)
                    .ini("opcache.revalidate_freq = 0")
                    .ini("opcache.file_update_protection = 0")
                    .start(site.resolve("current/public"))) {
                visit(apache, target, "mod_php, validate_timestamps=" + validate);
            }
            Server.await("the background work to end", () -> {
                String[] left = site.resolve(".php-deploy/staging").toFile().list();
                return left == null || List.of(left).stream().noneMatch(name -> name.startsWith("settle."));
            });
        }
    }

    private void visit(io.github.phpdeploy.it.ModPhp apache, Target target, String what) throws Exception {
        Runtime runtime = runtime(apache.pidFile(), apache.port());
        Load fresh = Load.closed(apache.port(), false, 4, Map.of("/index.php", 3, "/slow.php", 1));
        Load kept = Load.closed(apache.port(), true, 4, Map.of("/index.php", 3, "/slow.php", 1));
        TimeUnit.MILLISECONDS.sleep(500);
        for (int i = 0; i < SWITCHES; i++) {
            deploy(target, runtime);
            assertThat(said)
                    .anyMatch(line -> line.matches(".* old children of Apache gone, [0-9]+ new ones up.*"))
                    .anyMatch(line -> line.matches(".*10 new connections show 20[0-9-]+.*"));
            TimeUnit.MILLISECONDS.sleep(200);
        }
        rollback(target, runtime, "v" + (version - 1));
        TimeUnit.MILLISECONDS.sleep(200);
        Load.Tally all = fresh.end(marks);
        Load.Tally held = kept.end(marks);
        // a child that ends may close a connection that nobody uses: then clients open another, as browsers do
        List<Load.Visit> lost = held.failed().stream()
                .filter(visit -> !visit.answer().isIdleClosed())
                .toList();
        what += ", " + SWITCHES + " deploys, 1 rollback, ";
        System.out.println("[load] " + what + "new connections: " + all);
        System.out.println("[load] " + what + "kept connections, of these "
                + (held.failed().size() - lost.size()) + " closed when idle: " + held);
        assertThat(lost).as(held::toString).isEmpty();
        assertThat(held.failed()).as(held::toString).hasSizeLessThanOrEqualTo(4 * (SWITCHES + 1));
        assertThat(all.failed()).as(all::toString).isEmpty();
        for (Load.Tally tally : List.of(all, held)) {
            assertThat(tally.torn()).as(tally::toString).isEmpty();
            assertThat(tally.stale()).as(tally::toString).isEmpty();
            assertThat(tally.visits()).hasSizeGreaterThan(300);
        }
        assertThat(held.connections()).isLessThan(held.visits().size() / 2);
    }

    private record Said(List<String> lines) implements LogSink {

        @Override
        public synchronized void info(String line) {
            lines.add(line);
        }

        @Override
        public synchronized void warn(String line) {
            lines.add("WARN " + line);
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
}
