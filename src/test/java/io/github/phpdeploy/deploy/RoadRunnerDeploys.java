package io.github.phpdeploy.deploy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.local.LocalHost;
import io.github.phpdeploy.it.RoadRunner;
import io.github.phpdeploy.runtime.Finding;
import io.github.phpdeploy.runtime.Intent;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Preview;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.resident.ResidentSettings;
import io.github.phpdeploy.runtime.roadrunner.RoadRunnerRuntime;
import io.github.phpdeploy.runtime.roadrunner.RoadRunnerSettings;

/** An application on a stand-in for RoadRunner, deployed and rolled back by the tests. */
final class RoadRunnerDeploys extends ResidentDeploys {

    /** A pool as it should be. */
    static final String POOL = "reset_timeout: 3s\nallocate_timeout: 3s";

    String program = RoadRunner.PROGRAM.toString();
    String preview = "php -l app.php";
    int longest = 2;
    int patience = 30;
    boolean allowDrops;

    RoadRunnerDeploys(Path folder, Target target) {
        super(null, folder, target);
    }

    @Override
    Path startFile() {
        return RoadRunner.WORKER;
    }

    @Override
    String words() {
        return "roadrunner (stand-in)";
    }

    @Override
    void start() {
        start(folder.resolve("server"), "php " + current() + "/server.php", POOL);
    }

    void start(Path home, String command, String pool, String... options) {
        server = RoadRunner.start(home, command, pool, Map.of("WORKERS", "4"), options);
    }

    @Override
    Runtime runtime() {
        return new RoadRunnerRuntime(new RoadRunnerSettings(
                program,
                RoadRunner.config(folder.resolve("server")).toString(),
                false,
                Duration.ofSeconds(20),
                new ResidentSettings.Showing(
                        URI.create("http://127.0.0.1:" + (server == null ? 9 : server.port()) + "/index.php"),
                        ResidentSettings.Showing.HEADER,
                        Optional.empty(),
                        Duration.ofSeconds(patience)),
                Optional.ofNullable(preview)
                        .map(command -> new Preview("php.roadrunner.preview", command, Duration.ofSeconds(20))),
                Optional.of(longest).filter(seconds -> seconds > 0).map(Duration::ofSeconds),
                allowDrops));
    }

    /** The releases that are executed just now. */
    Set<String> inUse() {
        try (Host host = new LocalHost()) {
            return runtime()
                    .inspect(new Place(host, target.deployPath(), Optional.empty()), Intent.RELOAD)
                    .inUse()
                    .keySet();
        }
    }

    /** What the doctor says. */
    List<Finding> findings() {
        try (Host host = new LocalHost()) {
            return runtime().diagnose(new Place(host, target.deployPath(), Optional.empty()));
        }
    }
}
