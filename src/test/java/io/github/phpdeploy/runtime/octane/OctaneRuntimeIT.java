package io.github.phpdeploy.runtime.octane;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.ShellUnderTest;
import io.github.phpdeploy.host.local.LocalHost;
import io.github.phpdeploy.it.Octane;
import io.github.phpdeploy.it.Server;
import io.github.phpdeploy.runtime.Finding;
import io.github.phpdeploy.runtime.Intent;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.resident.ResidentSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Octane in place, on a stand-in: only where it is not bound to a release. */
@Timeout(60)
class OctaneRuntimeIT {

    private static final URI NOBODY = URI.create("http://127.0.0.1:9/");

    @TempDir
    Path temp;

    private Path site;
    private Path stateFile;

    @BeforeEach
    void site() throws IOException {
        site = temp.resolve("srv/shop");
        stateFile = site.resolve("shared/storage/logs/octane-server-state.json");
        for (String release : List.of("r1", "r2")) {
            Path tree = Files.createDirectories(site.resolve("releases").resolve(release));
            Files.writeString(tree.resolve("app.php"), "<?php return fn ($path, $root) => '" + release + "';");
            Octane.lay(tree, "'" + stateFile + "'");
        }
        Files.createSymbolicLink(site.resolve("current"), Path.of("releases/r1"));
    }

    private static Runtime octane(URI url) {
        return new OctaneRuntime(
                Optional.empty(),
                Optional.empty(),
                new ResidentSettings(
                        new ResidentSettings.Control(
                                Optional.empty(), Optional.empty(), Optional.empty(), false, Duration.ofSeconds(10)),
                        new ResidentSettings.Showing(url, "X-Release", Optional.empty(), Duration.ofSeconds(5)),
                        ResidentSettings.Strategy.AUTO,
                        Optional.of(Duration.ofSeconds(5)),
                        Optional.empty(),
                        false));
    }

    private Place place(Host host) {
        return new Place(host, site.toString(), Optional.empty());
    }

    private void refuses(URI url, String what, String fix) {
        try (Host host = new LocalHost()) {
            assertThatThrownBy(() -> octane(url).inspect(place(host), Intent.SWITCH))
                    .hasMessageContaining(what)
                    .hasMessageContaining(fix);
            assertThat(octane(url).diagnose(place(host)))
                    .filteredOn(Finding::harmful)
                    .anyMatch(finding -> finding.what().contains(what));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "busybox"})
    void oneThatIsNotBoundIsReloadedInPlace(String shell) throws IOException {
        Path tree = temp.resolve("octane");
        Octane.lay(tree, "'" + stateFile + "'");
        try (Octane octane = Octane.start(tree, stateFile, site + "/current");
                Host host = shell.equals("dash") ? ShellUnderTest.dash() : ShellUnderTest.busybox()) {
            assertThat(octane(octane.url()).diagnose(place(host))).isEmpty();
            Runtime.Service service = octane(octane.url()).inspect(place(host), Intent.SWITCH);
            assertThat(service.way())
                    .startsWith("reload Octane's Swoole (master ")
                    .contains("workers: 2");
            Server.run("ln", "-sfn", "releases/r2", site + "/current");
            assertThat(service.await(service.reload())).contains("2 old Octane's Swoole workers gone");
            assertThat(service.prove("r2")).get().asString().contains("to 2 workers show r2");
        }
    }

    @Test
    void oneThatIsBoundIsRefused() throws IOException {
        Path release = site.resolve("releases/r1");
        try (Octane octane = Octane.start(release, stateFile, "")) {
            refuses(octane.url(), "with APP_BASE_PATH in release r1", "set php.octane.strategy=replace");
        }
        Files.delete(stateFile);
        // its workers boot what is current, but Octane's own code is that of the release
        try (Octane octane = Octane.start(release, stateFile, site + "/current")) {
            refuses(
                    octane.url(),
                    "Octane's Swoole on local was started from releases/r1",
                    "php.octane.strategy=replace");
        }
    }

    @ParameterizedTest
    @CsvSource({"rpcPort, RoadRunner, rr reset", "adminPort, FrankenPHP, requests may be lost"})
    void onAnotherServerItIsRefused(String mark, String title, String why) throws IOException {
        Files.createDirectories(stateFile.getParent());
        Files.writeString(
                stateFile, "{\"masterProcessId\": 1, \"state\": {\"port\": \"8000\", \"" + mark + "\": 6001}}");
        refuses(NOBODY, "Octane on local runs on " + title, "php.octane.strategy=replace");
        try (Host host = new LocalHost()) {
            assertThat(octane(NOBODY).diagnose(place(host)).get(0).cost()).contains(why);
        }
    }

    @Test
    void oneThatDoesNotRunIsMissedUnlessNothingWasDeployed() throws IOException {
        refuses(NOBODY, "the state file " + stateFile + " is not there", "php.octane.stateFile");
        Files.delete(site.resolve("current"));
        try (Host host = new LocalHost()) {
            assertThat(octane(NOBODY).inspect(place(host), Intent.SWITCH).way())
                    .contains("nothing has been deployed here and Octane's Swoole does not run yet");
        }
    }
}
