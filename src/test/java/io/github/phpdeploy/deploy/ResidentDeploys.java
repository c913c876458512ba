package io.github.phpdeploy.deploy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.github.phpdeploy.archive.Selection;
import io.github.phpdeploy.it.Resident;
import io.github.phpdeploy.it.Server;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.resident.ResidentRuntime;
import io.github.phpdeploy.runtime.resident.ResidentSettings;
import io.github.phpdeploy.runtime.swoole.Swoole;
import io.github.phpdeploy.runtime.workerman.Workerman;

import static org.assertj.core.api.Assertions.assertThat;

/** An application on a resident server, deployed and rolled back by the tests. */
class ResidentDeploys implements AutoCloseable {

    /** Real work of a processor: a signal cuts sleep() short, and would hide what a reload does. */
    private static final String BUSY = "$busy = ['/slow.php' => 0.25, '/long.php' => 6][$path] ?? 0;"
            + " $end = microtime(true) + $busy; while (microtime(true) < $end) { md5('x'); } ";

    final Resident.Kind kind;
    final Path folder;
    final List<String> said = new ArrayList<>();
    UnaryOperator<ResidentSettings> settings = UnaryOperator.identity();
    Target target;
    Resident server;
    int version;

    ResidentDeploys(Resident.Kind kind, Path folder, Target target) {
        this.kind = kind;
        this.folder = folder;
        this.target = target;
    }

    Path site() {
        return Path.of(target.deployPath());
    }

    Path current() {
        return site().resolve("current");
    }

    /** A server to be started; its start file knows where the application's code is. */
    Resident.Builder server() {
        return Resident.in(kind, folder.resolve("server"));
    }

    /** What the server runs. */
    Path startFile() {
        return kind.startFile();
    }

    /** Starts the server as it should be, and gives it time to prove. */
    void start() {
        start(how -> how);
        settings = with -> new ResidentSettings(
                with.control(),
                new ResidentSettings.Showing(
                        with.showing().url(),
                        with.showing().header(),
                        with.showing().body(),
                        Duration.ofSeconds(30)),
                with.strategy(),
                with.longestRequest(),
                with.maxWaitTime(),
                false);
    }

    /** What runs, for humans. */
    String words() {
        return kind.words();
    }

    /** Starts a server by a file outside of all releases, as it is best. */
    void start(UnaryOperator<Resident.Builder> how) {
        server = how.apply(server()).start(kind.startFile(), current());
    }

    /** The next version: its name stands in the entry and in two files that it includes. */
    String next() throws IOException {
        String name = "v" + ++version;
        write(name);
        return name;
    }

    void write(String name) throws IOException {
        Path app = Files.createDirectories(folder.resolve("app"));
        Files.writeString(
                app.resolve("app.php"),
                "<?php return function (string $path, string $root) { " + BUSY + "return '" + name
                        + "' . ' ' . (include __DIR__ . '/inc.php') . ' ' . (include $root . '/root.php') . ' end'; };");
        Files.writeString(app.resolve("inc.php"), "<?php return '" + name + "';");
        Files.writeString(app.resolve("root.php"), "<?php return '" + name + "';");
        Files.copy(startFile(), app.resolve("server.php"), StandardCopyOption.REPLACE_EXISTING);
    }

    Runtime runtime() {
        String pidFile = (server == null ? folder.resolve("server/server.pid") : server.pidFile()).toString();
        ResidentSettings standard = new ResidentSettings(
                new ResidentSettings.Control(
                        Optional.of(pidFile), Optional.empty(), Optional.empty(), false, Duration.ofSeconds(20)),
                new ResidentSettings.Showing(
                        server == null ? URI.create("http://127.0.0.1:9/") : server.url(),
                        ResidentSettings.Showing.HEADER,
                        Optional.empty(),
                        Duration.ofSeconds(4)),
                ResidentSettings.Strategy.AUTO,
                Optional.of(Duration.ofSeconds(2)),
                Optional.empty(),
                false);
        return new ResidentRuntime(
                kind == Resident.Kind.SWOOLE ? new Swoole() : new Workerman(), settings.apply(standard));
    }

    DeployResult deploy() {
        said.clear();
        return new Deployer(HostConnector.STANDARD, new LogWords(new Said()))
                .deploy(new DeployRequest(
                        folder.resolve("app"),
                        Selection.standard(),
                        List.of(target),
                        FleetRules.ALL,
                        Rollout.ALL,
                        Optional.empty(),
                        "1.0",
                        Initiator.of(Map.of()),
                        folder.resolve("cache"),
                        true,
                        50,
                        Duration.ZERO,
                        Shared.none(),
                        Writable.none(),
                        Hooks.none(),
                        runtime(),
                        Optional.empty(),
                        false));
    }

    /** Deploys a next version, which must succeed. */
    String deployNext() throws IOException {
        String name = next();
        DeployResult result = deploy();
        assertThat(result).as(() -> result + "\n" + said).isInstanceOf(DeployResult.Success.class);
        return name;
    }

    /** Deploys a next version, which must fail; what is said then. */
    String failNext() throws IOException {
        next();
        DeployResult result = deploy();
        assertThat(result).as(() -> result + "\n" + said).isInstanceOf(DeployResult.Failure.class);
        return ((DeployResult.Failure) result).cause().getMessage();
    }

    DeployResult rollback() {
        said.clear();
        return new Rollbacker(HostConnector.STANDARD, new LogWords(new Said()))
                .rollback(new RollbackRequest(
                        List.of(target),
                        FleetRules.ALL,
                        Optional.empty(),
                        false,
                        Initiator.of(Map.of()),
                        Duration.ZERO,
                        runtime(),
                        Optional.empty()));
    }

    /** What {@code current} points to, without {@code releases/}. */
    String release() throws IOException {
        return Files.readSymbolicLink(current()).getFileName().toString();
    }

    @Override
    public void close() {
        Server.await("the background work to end", () -> {
            String[] left = site().resolve(".php-deploy/staging").toFile().list();
            return left == null || Stream.of(left).noneMatch(name -> name.startsWith("settle."));
        });
        if (server != null) {
            server.close();
        }
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
}
