package io.github.phpdeploy.deploy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.HostAddress;
import io.github.phpdeploy.host.local.LocalHost;
import io.github.phpdeploy.it.Resident;
import io.github.phpdeploy.runtime.Finding;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Preview;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.command.CommandRuntime;
import io.github.phpdeploy.runtime.resident.ResidentSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A server that is reloaded by a command, of which nothing is known but what its page shows. */
@Timeout(60)
class CommandDeployIT {

    @TempDir
    Path temp;

    /** A site on a server whose workers a command replaces. */
    private final class Site extends ResidentDeploys {

        String reload = "";
        int patience = 10;
        Optional<URI> url = Optional.empty();
        Optional<Preview> preview = Optional.empty();

        Site() throws IOException {
            super(
                    Resident.Kind.SWOOLE,
                    temp,
                    new Target(
                            HostAddress.parse("local"),
                            Optional.empty(),
                            temp.resolve("srv/shop").toString()));
            reload = "true";
            deployNext();
            start(server -> server);
            reload = "kill -USR1 $(cat " + server.pidFile() + ")";
            url = Optional.of(server.url());
        }

        @Override
        Runtime runtime() {
            return new CommandRuntime(
                    reload,
                    false,
                    Duration.ofSeconds(20),
                    url.map(page -> new ResidentSettings.Showing(
                            page, "X-Release", Optional.empty(), Duration.ofSeconds(patience))),
                    preview);
        }

        List<String> findings() {
            try (Host host = new LocalHost()) {
                return runtime().diagnose(new Place(host, target.deployPath(), Optional.empty())).stream()
                        .map(Finding::what)
                        .toList();
            }
        }
    }

    @Test
    void newCodeIsProved() throws IOException {
        try (Site site = new Site()) {
            assertThat(site.findings()).isEmpty();
            site.deployNext();
            String release = site.release();
            assertThat(site.said)
                    .anyMatch(line -> line.matches(".*0 new connections .*show " + release + ".*"))
                    .noneMatch(line -> line.contains("proves nothing"));
            assertThat(site.server.get()).isEqualTo("v2 v2 v2 end");
        }
    }

    @Test
    void aCommandThatBringsNoNewCodeIsUndone() throws IOException {
        try (Site site = new Site()) {
            String first = site.release();
            site.reload = "true";
            site.patience = 1;
            assertThat(site.failNext())
                    .contains("the server behind \"true\" on local executes code of release " + first + ", not 2")
                    .contains("have the command replace all processes that hold code");
            assertThat(site.release()).isEqualTo(first);
        }
    }

    @Test
    void withoutAPageNothingIsProvedAndThatIsSaid() throws IOException {
        try (Site site = new Site()) {
            site.url = Optional.empty();
            site.reload = "true";
            site.deployNext();
            assertThat(site.said)
                    .anyMatch(line ->
                            line.startsWith("WARN") && line.contains("the exit code of \"true\" proves nothing"));
            assertThat(site.findings()).containsExactly("nothing shows which release is executed");
            // now old code is served, and a page tells
            site.url = Optional.of(site.server.url());
            String current = site.release();
            assertThat(site.findings()).singleElement().matches(what -> what.endsWith(", and current is " + current));
        }
    }

    @Test
    void aPageThatDoesNotAnswerIsToldBeforeTheSwitch() throws IOException {
        try (Site site = new Site()) {
            site.url = Optional.of(URI.create("http://127.0.0.1:9/"));
            site.patience = 1;
            assertThat(site.findings()).singleElement().matches(what -> what.contains("does not answer on local"));
            assertThat(site.failNext()).contains("does not answer http://127.0.0.1:9/");
            assertThat(site.said)
                    .anyMatch(line -> line.startsWith("WARN")
                            && line.contains("the new release must show itself there, or the deploy is undone"));
        }
    }

    @Test
    void aReleaseThatDoesNotPassItsPreviewNeverBecomesCurrent() throws IOException {
        try (Site site = new Site()) {
            String first = site.release();
            site.preview = preview("echo trying; echo no $release >&2; exit 3", 20);
            assertThat(site.failNext())
                    .contains("php.command.preview \"echo trying;")
                    .contains("with exit code 3: no 2")
                    .contains("correct what it says");
            assertThat(site.release()).isEqualTo(first);
            site.preview = preview("sleep 30", 1);
            assertThat(site.failNext()).contains("did not end within 1 s");
            assertThat(site.release()).isEqualTo(first);
            Path tried = temp.resolve("tried");
            site.preview = preview("pwd -P >'" + tried + "'; test \"$releasePath\" -ef .", 20);
            site.deployNext();
            assertThat(Files.readString(tried).strip())
                    .isEqualTo(site.current().toRealPath().toString());
            assertThat(site.said).anyMatch(line -> line.contains("php.command.preview") && line.contains("succeeded"));
        }
    }

    private static Optional<Preview> preview(String command, int seconds) {
        return Optional.of(new Preview("php.command.preview", command, Duration.ofSeconds(seconds)));
    }
}
