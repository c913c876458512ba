package io.github.phpdeploy.runtime.resident;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.ShellUnderTest;
import io.github.phpdeploy.it.Resident;
import io.github.phpdeploy.runtime.Intent;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.swoole.Swoole;
import io.github.phpdeploy.runtime.workerman.Workerman;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What runs on hosts, in the shells and with the tools that hosts have. */
@Timeout(120)
class ResidentRuntimeIT {

    @TempDir
    Path temp;

    @ParameterizedTest
    @CsvSource({"SWOOLE, dash", "SWOOLE, busybox", "WORKERMAN, dash", "WORKERMAN, busybox"})
    void aServerIsReloadedAndProved(Resident.Kind kind, String shell) throws IOException {
        Path site = temp.resolve("a site");
        for (String release : new String[] {"r1", "r2"}) {
            Path directory = Files.createDirectories(site.resolve("releases").resolve(release));
            Files.writeString(directory.resolve("app.php"), "<?php return fn ($path, $root) => '" + release + "';");
        }
        Path current = Files.createSymbolicLink(site.resolve("current"), Path.of("releases/r1"));
        try (Resident server = Resident.in(kind, temp.resolve("server")).start(kind.startFile(), current);
                Host host = shell.equals("dash") ? ShellUnderTest.dash() : ShellUnderTest.busybox()) {
            ResidentSettings settings = new ResidentSettings(
                    new ResidentSettings.Control(
                            Optional.of(server.pidFile().toString()),
                            Optional.empty(),
                            Optional.empty(),
                            false,
                            Duration.ofSeconds(20)),
                    new ResidentSettings.Showing(server.url(), "X-Release", Optional.empty(), Duration.ofSeconds(10)),
                    ResidentSettings.Strategy.AUTO,
                    Optional.of(Duration.ofSeconds(5)),
                    Optional.empty(),
                    false);
            Runtime.Service service = new ResidentRuntime(
                            kind == Resident.Kind.SWOOLE ? new Swoole() : new Workerman(), settings)
                    .inspect(new Place(host, site.toString(), Optional.empty()), Intent.SWITCH);
            assertThat(service.way())
                    .contains("master " + server.handle().pid())
                    .contains("workers: 4");
            Files.delete(current);
            Files.createSymbolicLink(current, Path.of("releases/r2"));
            assertThat(service.await(service.reload())).contains("4 old ").contains("workers gone, 4 new ones up");
            assertThat(service.prove("r2")).get().asString().contains("to 4 workers show r2");
            assertThat(server.get()).isEqualTo("r2");
            Map<String, String> facts = service.facts();
            assertThat(facts).containsKeys("way", "drainMillis", "proof");
            assertThat(facts.get("workersBefore").split(" ")).hasSize(4);
            assertThat(facts.get("workersAfter").split(" "))
                    .hasSize(4)
                    .doesNotContainAnyElementsOf(
                            List.of(facts.get("workersBefore").split(" ")));
        }
    }
}
