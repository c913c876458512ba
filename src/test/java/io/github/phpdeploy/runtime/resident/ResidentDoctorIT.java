package io.github.phpdeploy.runtime.resident;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.ShellUnderTest;
import io.github.phpdeploy.host.local.LocalHost;
import io.github.phpdeploy.it.Resident;
import io.github.phpdeploy.it.Server;
import io.github.phpdeploy.runtime.Finding;
import io.github.phpdeploy.runtime.Intent;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.swoole.Swoole;
import io.github.phpdeploy.runtime.workerman.Workerman;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Every fault is seen on a server that has it, and not on one that has not. On stand-ins, or on the real ones where they are given;
 * see {@link Resident}.
 */
@Timeout(60)
class ResidentDoctorIT {

    @TempDir
    Path temp;

    private Path site;

    @BeforeEach
    void site() throws IOException {
        site = Files.createDirectories(temp.resolve("srv/shop"));
        Path release = Files.createDirectories(site.resolve("releases/r1"));
        Files.writeString(release.resolve("app.php"), "<?php return fn ($path, $root) => 'v1';");
        for (Resident.Kind kind : Resident.Kind.values()) {
            Files.copy(kind.startFile(), release.resolve(kind + ".php"));
        }
        Files.createSymbolicLink(site.resolve("current"), Path.of("releases/r1"));
    }

    private List<Finding> findings(Resident.Kind kind, Path pidFile, URI url, int longest) {
        try (Host host = new LocalHost()) {
            return runtime(kind, pidFile, url, longest, false)
                    .diagnose(new Place(host, site.toString(), Optional.empty()));
        }
    }

    private static ResidentRuntime runtime(Resident.Kind kind, Path pidFile, URI url, int longest, boolean sudo) {
        ResidentSettings settings = new ResidentSettings(
                new ResidentSettings.Control(
                        Optional.of(pidFile.toString()),
                        Optional.empty(),
                        Optional.empty(),
                        sudo,
                        Duration.ofSeconds(5)),
                new ResidentSettings.Showing(url, "X-Release", Optional.empty(), Duration.ofSeconds(5)),
                ResidentSettings.Strategy.AUTO,
                longest == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(longest)),
                Optional.empty(),
                false);
        return new ResidentRuntime(kind == Resident.Kind.SWOOLE ? new Swoole() : new Workerman(), settings);
    }

    private List<Finding> findings(Resident.Kind kind, String start, int longest, UnaryOperator<Resident.Builder> how) {
        Path startFile =
                start.isEmpty() ? kind.startFile() : site.resolve(start).resolve(kind + ".php");
        try (Resident server =
                how.apply(Resident.in(kind, temp.resolve("server"))).start(startFile, site.resolve("current"))) {
            return findings(kind, server.pidFile(), server.url(), longest);
        }
    }

    /** A server as it should be. */
    private static Resident.Builder good(Resident.Builder server) {
        return server.with("DRAINS", "1");
    }

    private static void assertSeen(List<Finding> findings, String what, boolean harmful) {
        assertThat(findings).anyMatch(finding -> finding.what().contains(what) && finding.harmful() == harmful);
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsFoundWhereAllIsWell(Resident.Kind kind) {
        assertThat(findings(kind, "", 5, ResidentDoctorIT::good)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "SWOOLE, '', 5, MODE, SWOOLE_BASE, runs in mode SWOOLE_BASE, true",
        "SWOOLE, '', 5, MAX_WAIT_TIME, 0, as it is unless set, true",
        "SWOOLE, '', 5, MAX_WAIT_TIME, 4, requests may take 5 s, true",
        "SWOOLE, '', 0, MAX_WAIT_TIME, 4, the max_wait_time of Swoole on local is 4 s, false",
        "SWOOLE, '', 5, SHOWS, nothing, the max_wait_time of Swoole on local is not known, true",
        "SWOOLE, '', 5, SHOWS, nothing, does not say which release answers, false",
        "SWOOLE, current, 5, BOOT, realpath, its master was started through, false",
        "SWOOLE, releases/r1, 5, BOOT, realpath, its master was started from releases/r1, false",
        "WORKERMAN, releases/r1, 5, BOOT, realpath, its master was started from releases/r1, false",
        "WORKERMAN, '', 5, DRAINS, 0, keeps connections open after an answer, false",
        "WORKERMAN, '', 5, REUSE_PORT, 1, has a queue of its own (reusePort), true",
        "WORKERMAN, '', 5, SHOWS, nothing, does not say which release answers, false"
    })
    void aFaultIsSeen(
            Resident.Kind kind, String start, int longest, String name, String value, String what, boolean harmful) {
        assertSeen(findings(kind, start, longest, server -> good(server).with(name, value)), what, harmful);
    }

    @ParameterizedTest
    @EnumSource
    void opcacheIsSeen(Resident.Kind kind) {
        assertSeen(
                findings(kind, "", 5, server -> good(server).ini("opcache.enable_cli=1")),
                "opcache.enable_cli is 1",
                false);
    }

    @Test
    void aServerWithoutWorkersIsSeen() {
        assertSeen(
                findings(
                        Resident.Kind.SWOOLE,
                        "",
                        5,
                        server -> good(server).with("MODE", "SWOOLE_BASE").with("WORKERS", "1")),
                "has no workers that could be replaced",
                true);
    }

    /** Threads need a PHP that is built for them; what the page says of the mode is all that is known of it. */
    @Test
    void threadsAreSeen() {
        assertSeen(
                findings(Resident.Kind.SWOOLE, "", 5, server -> good(server).with("SHOWS", "threads")),
                "runs in mode SWOOLE_THREAD",
                true);
    }

    @Test
    void hyperfIsSeen() throws IOException {
        Path start = Files.createDirectories(temp.resolve("bin")).resolve("hyperf.php");
        Files.copy(Resident.Kind.SWOOLE.startFile(), start);
        try (Resident server =
                good(Resident.in(Resident.Kind.SWOOLE, temp.resolve("server"))).start(start, site.resolve("current"))) {
            assertSeen(findings(Resident.Kind.SWOOLE, server.pidFile(), server.url(), 5), "is Hyperf", true);
        }
    }

    /** Known before anything is switched: the reload that undoes a deploy needs it too. */
    @ParameterizedTest
    @EnabledIf("isRoot")
    @CsvSource({"SWOOLE, USR1", "WORKERMAN, USR2"})
    void sudoThatRefusesTheSignalIsSeen(Resident.Kind kind, String signal) throws IOException {
        Server.run("chmod", "-R", "a+rX", temp.toString());
        try (Resident server =
                good(Resident.in(kind, temp.resolve("server"))).start(kind.startFile(), site.resolve("current"))) {
            ResidentRuntime runtime = runtime(kind, server.pidFile(), server.url(), 5, true);
            String links = "nobody ALL=(root) NOPASSWD: /usr/bin/readlink /proc/*, /usr/bin/ls *";
            Place refused = new Place(ShellUnderTest.nobody(temp, links), site.toString(), Optional.empty());
            String line = "nobody ALL=(root) NOPASSWD: /usr/bin/kill -" + signal + " [0-9]*";
            assertThat(runtime.diagnose(refused))
                    .anyMatch(finding -> finding.harmful()
                            && finding.what().contains("sudo -n refuses to run \"kill -" + signal)
                            && finding.fix().contains('"' + line + '"'));
            assertThatThrownBy(() -> runtime.inspect(refused, Intent.SWITCH))
                    .isInstanceOf(PhpDeployException.class)
                    .hasMessageContaining("sudo -n refuses to run");
            Place repaired =
                    new Place(ShellUnderTest.nobody(temp, links + "\n" + line), site.toString(), Optional.empty());
            assertThat(runtime.diagnose(repaired))
                    .noneMatch(finding -> finding.what().contains("sudo"));
        }
    }

    static boolean isRoot() {
        return Server.isRoot();
    }

    /** Octane tells its workers by a variable what to boot. */
    @Test
    void whatOctaneIsBoundToIsSeen() {
        String release = site.resolve("releases/r1").toString();
        assertSeen(
                findings(Resident.Kind.SWOOLE, "", 5, server -> good(server).with("APP_BASE_PATH", release)),
                "APP_BASE_PATH in release r1",
                true);
    }

    @ParameterizedTest
    @EnumSource
    void aPidFileInAReleaseIsSeen(Resident.Kind kind) {
        String inside = site.resolve("current/server.pid").toString();
        assertSeen(findings(kind, "", 5, server -> good(server).with("PID_FILE", inside)), "lies in release r1", true);
    }

    @ParameterizedTest
    @EnumSource
    void aStalePidFileIsSeen(Resident.Kind kind) throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.onExit().join();
        Path stale = Files.writeString(temp.resolve("stale.pid"), Long.toString(gone.pid()));
        assertSeen(findings(kind, stale, URI.create("http://127.0.0.1:9/"), 5), "is stale: it names process", true);
        assertSeen(
                findings(kind, temp.resolve("none.pid"), URI.create("http://127.0.0.1:9/"), 5),
                "is not there, or cannot be read",
                true);
    }

    /** A master that was started from an old release does no harm where workers that are younger execute the current one. */
    @ParameterizedTest
    @EnumSource
    void whatHasProvedToDoNoHarmIsNotTold(Resident.Kind kind) throws IOException {
        Path old = site.resolve("releases/r1").resolve(kind + ".php");
        try (Resident server = good(Resident.in(kind, temp.resolve("server")))
                .ini("opcache.enable_cli=1")
                .start(old, site.resolve("current"))) {
            assertSeen(findings(kind, server.pidFile(), server.url(), 5), "was started from releases/r1", false);
            long started = System.nanoTime();
            Server.await(
                    "the moment to pass that whole seconds can tell",
                    () -> System.nanoTime() - started > TimeUnit.MILLISECONDS.toNanos(4_200));
            Server.run("cp", "-a", site + "/releases/r1", site + "/releases/r2");
            Server.run("ln", "-sfn", "releases/r2", site + "/current");
            Server.run(
                    "kill",
                    kind == Resident.Kind.SWOOLE ? "-USR1" : "-USR2",
                    Files.readString(server.pidFile()).strip());
            Server.await(
                    "workers to be replaced",
                    () -> findings(kind, server.pidFile(), server.url(), 5).isEmpty());
            assertThat(findings(kind, server.pidFile(), server.url(), 5)).isEmpty();
        }
    }
}
