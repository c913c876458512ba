package io.github.phpdeploy.deploy;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

import io.github.phpdeploy.host.HostAddress;
import io.github.phpdeploy.host.local.LocalHost;
import io.github.phpdeploy.it.Resident;
import io.github.phpdeploy.it.Server;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.resident.ResidentSettings;
import io.github.phpdeploy.runtime.workerman.Workerman;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What goes wrong with resident servers: never is success reported while old code is served, and it is said which trap it is. On
 * stand-ins, or on the real ones where they are given; see {@link Resident}.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ResidentTrapsIT {

    @TempDir
    Path temp;

    private ResidentDeploys site(Resident.Kind kind) {
        Target target = new Target(
                HostAddress.parse("local"),
                Optional.empty(),
                temp.resolve("srv/shop").toString());
        return new ResidentDeploys(kind, temp, target);
    }

    private static ResidentSettings with(
            ResidentSettings old, Optional<Duration> longest, boolean allowDrops, Duration limit) {
        ResidentSettings.Control control = old.control();
        return new ResidentSettings(
                new ResidentSettings.Control(
                        control.pidFile(), control.pidCommand(), control.kept(), control.sudo(), limit),
                old.showing(),
                old.strategy(),
                longest,
                old.maxWaitTime(),
                allowDrops);
    }

    private static Place local(ResidentDeploys site) {
        return new Place(new LocalHost(), site.target.deployPath(), Optional.empty());
    }

    /** The deploy is undone, and what was served before is served by all workers again. */
    private static void assertUndone(ResidentDeploys site, String message, String before) throws IOException {
        assertThat(message).contains("it was undone: " + before + " is current again");
        assertThat(site.release()).isEqualTo(before);
        for (int i = 0; i < 10; i++) {
            assertThat(site.server.get()).isEqualTo("v1 v1 v1 end");
        }
    }

    @ParameterizedTest
    @EnumSource
    void codeThatIsFoundByDirIsNoSuccess(Resident.Kind kind) throws IOException {
        try (ResidentDeploys site = site(kind)) {
            site.deployNext();
            String first = site.release();
            site.server = site.server()
                    .with("BOOT", "dir")
                    .start(site.site().resolve("releases/" + first + "/server.php"), site.current());
            String message = site.failNext();
            assertThat(message)
                    .contains("executes code of release " + first + ", not ")
                    .contains("its master was started from releases/" + first + ", and so __DIR__")
                    .contains("realpath('" + site.current() + "')");
            assertUndone(site, message, first);
        }
    }

    @ParameterizedTest
    @EnumSource
    void codeThatIsLoadedBeforeTheStartIsNoSuccess(Resident.Kind kind) throws IOException {
        try (ResidentDeploys site = site(kind)) {
            site.deployNext();
            String first = site.release();
            site.start(server -> server.with("BOOT", "early"));
            String message = site.failNext();
            assertThat(message)
                    .contains("executes code of release " + first + " besides that of ")
                    .contains("it was loaded before start()")
                    .contains("load all code in onWorkerStart");
            assertUndone(site, message, first);
        }
    }

    /** Somebody has switched by hand, and even new workers go on with what was there before. */
    @ParameterizedTest
    @EnumSource
    void aMasterThatIsKnownToBeBoundIsRefusedBeforeTheSwitch(Resident.Kind kind) throws Exception {
        try (ResidentDeploys site = site(kind)) {
            site.deployNext();
            String first = site.release();
            site.start(server -> server.with("BOOT", "early"));
            Server.run("cp", "-a", site.site() + "/releases/" + first, site.site() + "/releases/byhand");
            Server.run("ln", "-sfn", "releases/byhand", site.current().toString());
            long switched = System.nanoTime();
            Server.await(
                    "the moment to pass that files' times can tell",
                    () -> System.nanoTime() - switched > TimeUnit.MILLISECONDS.toNanos(3_200));
            Server.run(
                    "kill",
                    kind == Resident.Kind.SWOOLE ? "-USR1" : "-USR2",
                    Files.readString(site.server.pidFile()).strip());
            Server.await("workers to be replaced", () -> {
                try {
                    assertThat(site.server.get()).isNotEmpty();
                    return site.runtime().diagnose(local(site)).stream()
                            .anyMatch(finding -> finding.what().contains("also in new workers"));
                } catch (IllegalStateException e) {
                    return false;
                }
            });
            assertThat(site.failNext())
                    .contains("executes code of release " + first + " besides that of byhand")
                    .contains("no reload brings it to run another release")
                    .contains("nothing was switched: byhand is still current");
        }
    }

    @Test
    void aMasterThatWasStartedThroughCurrentIsNoSuccess() throws IOException {
        try (ResidentDeploys site = site(Resident.Kind.SWOOLE)) {
            site.deployNext();
            String first = site.release();
            site.server = site.server().start(site.current().resolve("server.php"), site.current());
            String message = site.failNext();
            assertThat(message)
                    .contains("executes code of release " + first + ", not ")
                    .contains("its master was started through " + site.current())
                    .contains("clearstatcache(true)");
            assertUndone(site, message, first);
            site.server.close();
            site.server =
                    site.server().with("BOOT", "clear").start(site.current().resolve("server.php"), site.current());
            site.deployNext();
            assertThat(site.server.get()).isEqualTo("v3 v3 v3 end");
        }
    }

    /** It forgets by itself where links led. */
    @Test
    void workermanMayBeStartedThroughCurrent() throws IOException {
        try (ResidentDeploys site = site(Resident.Kind.WORKERMAN)) {
            site.deployNext();
            site.server = site.server().start(site.current().resolve("server.php"), site.current());
            for (String version : List.of("v2", "v3")) {
                site.deployNext();
                assertThat(site.server.get()).isEqualTo(version + " " + version + " " + version + " end");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void opcacheThatRemembersWherePathsLedIsNoSuccess(Resident.Kind kind) throws IOException {
        try (ResidentDeploys site = site(kind)) {
            site.deployNext();
            String first = site.release();
            site.start(server -> server.with("BOOT", "current")
                    .ini("opcache.enable_cli=1")
                    .ini("opcache.validate_timestamps=0")
                    .ini("opcache.file_update_protection=0"));
            String message = site.failNext();
            assertThat(message)
                    .contains("executes code of release " + first)
                    .contains("opcache.enable_cli is 1")
                    .contains("set opcache.enable_cli = 0");
            assertUndone(site, message, first);
            site.server.close();
            site.start(server -> server.with("BOOT", "realpath")
                    .ini("opcache.enable_cli=1")
                    .ini("opcache.validate_timestamps=0")
                    .ini("opcache.file_update_protection=0"));
            site.deployNext();
            assertThat(site.server.get()).isEqualTo("v3 v3 v3 end");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReleaseThatDoesNotBootIsUndone(Resident.Kind kind) throws IOException {
        try (ResidentDeploys site = site(kind)) {
            site.deployNext();
            String first = site.release();
            site.start(server -> server);
            site.next();
            Files.writeString(temp.resolve("app/app.php"), "<?php throw new Exception('no');");
            DeployResult result = site.deploy();
            assertThat(result).isInstanceOf(DeployResult.Failure.class);
            assertUndone(site, ((DeployResult.Failure) result).cause().getMessage(), first);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anApplicationThatDoesNotShowItsReleaseIsToldHow(Resident.Kind kind) throws IOException {
        try (ResidentDeploys site = site(kind)) {
            site.deployNext();
            String first = site.release();
            site.settings = old -> new ResidentSettings(
                    old.control(),
                    old.showing(),
                    old.strategy(),
                    old.longestRequest(),
                    Optional.of(Duration.ofSeconds(10)),
                    false);
            site.start(server -> server.with("SHOWS", "nothing"));
            String message = site.failNext();
            assertThat(message).contains("does not say which release answers").contains("X-Release");
            assertUndone(site, message, first);
            site.settings = old -> new ResidentSettings(
                    old.control(),
                    new ResidentSettings.Showing(
                            old.showing().url(),
                            "X-Release",
                            Optional.of(Pattern.compile("^(v[0-9]+) ")),
                            Duration.ofSeconds(4)),
                    old.strategy(),
                    old.longestRequest(),
                    Optional.of(Duration.ofSeconds(10)),
                    false);
            assertThat(site.failNext()).contains("executes code of release v3, not ");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStalePidFileIsNamed(Resident.Kind kind) throws IOException {
        try (ResidentDeploys site = site(kind)) {
            site.deployNext();
            site.start(server -> server);
            Path stale = temp.resolve("stale.pid");
            site.settings = old -> new ResidentSettings(
                    new ResidentSettings.Control(
                            Optional.of(stale.toString()),
                            Optional.empty(),
                            Optional.empty(),
                            false,
                            Duration.ofSeconds(5)),
                    old.showing(),
                    old.strategy(),
                    old.longestRequest(),
                    old.maxWaitTime(),
                    false);
            assertThat(site.failNext())
                    .contains("the pid file " + stale + " is not there")
                    .contains("nothing was switched");
            Process gone = new ProcessBuilder("true").start();
            gone.onExit().join();
            Files.writeString(stale, Long.toString(gone.pid()));
            assertThat(site.failNext())
                    .contains("the pid file " + stale + " on local is stale: it names process " + gone.pid()
                            + ", which is gone");
            Files.writeString(stale, Long.toString(ProcessHandle.current().pid()));
            assertThat(site.failNext()).contains("which is no PHP").contains("nothing was switched");
            Files.writeString(stale, "nonsense");
            assertThat(site.failNext()).contains("names no process id, but \"nonsense\"");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPidFileInAReleaseIsRefused(Resident.Kind kind) throws IOException {
        try (ResidentDeploys site = site(kind)) {
            site.deployNext();
            Path inside = site.current().resolve("server.pid");
            site.start(server -> server.with("PID_FILE", inside.toString()));
            assertThat(site.failNext())
                    .contains("lies in release " + site.release())
                    .contains(kind == Resident.Kind.SWOOLE ? "set('pid_file'" : "set Worker::$pidFile")
                    .contains("nothing was switched");
        }
    }

    @Test
    void aCommandFindsTheMasterToo() throws IOException {
        try (ResidentDeploys site = site(Resident.Kind.SWOOLE)) {
            site.deployNext();
            site.start(server -> server);
            String command = "cat " + site.server.pidFile() + " | tr -d ' '";
            site.settings = old -> new ResidentSettings(
                    new ResidentSettings.Control(
                            Optional.empty(), Optional.of(command), Optional.empty(), false, Duration.ofSeconds(20)),
                    old.showing(),
                    old.strategy(),
                    old.longestRequest(),
                    old.maxWaitTime(),
                    false);
            site.deployNext();
            assertThat(site.server.get()).isEqualTo("v2 v2 v2 end");
        }
    }

    /** Both forget a signal that comes during a reload. */
    @ParameterizedTest
    @EnumSource
    void aReloadThatIsUnderWayIsWaitedFor(Resident.Kind kind) throws Exception {
        try (ResidentDeploys site = site(kind)) {
            site.deployNext();
            site.start(server -> server);
            try (Socket busy = new Socket("127.0.0.1", site.server.port())) {
                busy.getOutputStream()
                        .write("GET /long.php HTTP/1.0\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                Server.run(
                        "kill",
                        kind == Resident.Kind.SWOOLE ? "-USR1" : "-USR2",
                        Files.readString(site.server.pidFile()).strip());
                site.deployNext();
                assertThat(new String(busy.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .endsWith("v1 v1 v1 end");
            }
            assertThat(site.said).anyMatch(line -> line.contains("was sent again"));
            for (int i = 0; i < 20; i++) {
                assertThat(site.server.get()).isEqualTo("v2 v2 v2 end");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SWOOLE_BASE, 4, 10, 2, runs in mode SWOOLE_BASE, start it with SWOOLE_PROCESS",
        "SWOOLE_PROCESS, 4, 1, 2, is 1 s; and requests may take 2 s, set('max_wait_time' => 2)",
        "SWOOLE_PROCESS, 4, 0, 5, 'is 3 s, as it is unless set, and requests may take 5 s', set('max_wait_time' => 5)"
    })
    void whatWouldLoseRequestsIsRefusedBeforeTheSwitch(
            String mode, String workers, String wait, int longest, String what, String fix) throws IOException {
        try (ResidentDeploys site = site(Resident.Kind.SWOOLE)) {
            site.deployNext();
            String first = site.release();
            site.start(
                    server -> server.with("MODE", mode).with("WORKERS", workers).with("MAX_WAIT_TIME", wait));
            Optional<Duration> time = Optional.of(Duration.ofSeconds(longest));
            site.settings = old -> with(old, time, false, Duration.ofSeconds(20));
            assertThat(site.failNext())
                    .contains(what.replace("; and", ", and"))
                    .contains(fix)
                    .contains("php.allowDrops")
                    .contains("nothing was switched: " + first + " is still current");
            site.settings = old -> with(old, time, true, Duration.ofSeconds(20));
            site.deployNext();
            assertThat(site.server.get()).isEqualTo("v3 v3 v3 end");
        }
    }

    @Test
    void aServerWithoutWorkersIsRefusedWhateverIsAllowed() throws IOException {
        try (ResidentDeploys site = site(Resident.Kind.SWOOLE)) {
            site.deployNext();
            site.start(server -> server.with("MODE", "SWOOLE_BASE").with("WORKERS", "1"));
            site.settings = old -> with(old, Optional.empty(), true, Duration.ofSeconds(5));
            assertThat(site.failNext())
                    .contains("has no workers that could be replaced")
                    .contains("nothing was switched");
        }
    }

    /** A client who keeps its connection, and an application that does not end it. */
    @Test
    void keptConnectionsKeepOldWorkersOfWorkerman() throws IOException {
        try (ResidentDeploys site = site(Resident.Kind.WORKERMAN)) {
            site.deployNext();
            String first = site.release();
            site.start(server -> server.with("WORKERS", "2"));
            site.settings = old -> with(old, Optional.empty(), false, Duration.ofSeconds(3));
            String message;
            try (Socket kept = new Socket("127.0.0.1", site.server.port())) {
                kept.getOutputStream()
                        .write("GET /index.php HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(kept.getInputStream().read()).isPositive();
                message = site.failNext();
                assertThat(site.said).anyMatch(line -> line.contains("keeps connections open after an answer"));
            }
            assertThat(message)
                    .contains("after 3 s old workers are still there")
                    .contains("worker process")
                    .contains("kept-alive connections keep them")
                    .contains("STATUS_SHUTDOWN")
                    .contains("current was switched back on local, but release ")
                    .contains("may still be executed there")
                    .contains("php:reload -Dphp.hosts=local")
                    .doesNotContain("it was undone");
            assertThat(site.release()).isEqualTo(first);
            site.settings = UnaryOperator.identity();
            new SiteOperations(HostConnector.STANDARD, List.of(site.target))
                    .reload(site.runtime(), Initiator.of(Map.of()));
            for (int i = 0; i < 10; i++) {
                assertThat(site.server.get()).isEqualTo("v1 v1 v1 end");
            }
            site.deployNext();
        }
    }

    /** Webman's monitor stays over a reload, and need not go. */
    @Test
    void workersThatNoReloadReplacesAreNotWaitedFor() throws IOException {
        try (ResidentDeploys site = site(Resident.Kind.WORKERMAN)) {
            site.deployNext();
            site.start(server -> server.with("MONITOR", "1"));
            site.settings = old -> with(old, Optional.empty(), false, Duration.ofSeconds(3));
            assertThat(site.failNext())
                    .contains("after 3 s old workers are still there")
                    .contains("monitor");
            site.settings = old -> new ResidentSettings(
                    new ResidentSettings.Control(
                            old.control().pidFile(),
                            Optional.empty(),
                            Optional.of(Pattern.compile(Workerman.MONITOR)),
                            false,
                            Duration.ofSeconds(20)),
                    old.showing(),
                    old.strategy(),
                    old.longestRequest(),
                    old.maxWaitTime(),
                    false);
            site.deployNext();
            assertThat(site.server.get()).isEqualTo("v3 v3 v3 end");
        }
    }

    /** php:reload: everything is read anew, and proved. */
    @ParameterizedTest
    @EnumSource
    void aReloadIsProvedToo(Resident.Kind kind) throws IOException {
        try (ResidentDeploys site = site(kind)) {
            site.deployNext();
            site.start(server -> server);
            List<SiteOperations.Answer<String>> answers = new SiteOperations(
                            HostConnector.STANDARD, List.of(site.target))
                    .reload(site.runtime(), Initiator.of(Map.of()));
            assertThat(answers.get(0).answer())
                    .contains("4 old ")
                    .contains("workers gone, 4 new ones up")
                    .contains("to 4 workers show " + site.release());
        }
    }
}
