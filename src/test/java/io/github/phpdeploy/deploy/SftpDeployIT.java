package io.github.phpdeploy.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.github.phpdeploy.archive.Selection;
import io.github.phpdeploy.it.Server;
import io.github.phpdeploy.it.SftpOnly;
import io.github.phpdeploy.probe.HealthCheck;
import io.github.phpdeploy.runtime.NoRuntime;
import io.github.phpdeploy.runtime.Runtime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
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

        private DeployRequest request() {
            return new DeployRequest(
                    app,
                    Selection.standard(),
                    List.of(target()),
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
                    health);
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
}
