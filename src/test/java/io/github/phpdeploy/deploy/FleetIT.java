package io.github.phpdeploy.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.github.phpdeploy.host.ssh.SshSettings;
import io.github.phpdeploy.it.Sshd;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Five hosts as one, on real servers. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class FleetIT {

    @TempDir
    Path temp;

    private FleetBed bed;

    @BeforeEach
    void start() throws IOException {
        bed = new FleetBed(temp, 5);
    }

    @AfterEach
    void stop() {
        bed.close();
    }

    private void assertServed(String... versions) throws IOException {
        for (int i = 0; i < versions.length; i++) {
            assertThat(bed.served(i)).as("host %d", i).isEqualTo(versions[i]);
        }
    }

    @Test
    void aHostThatDoesNotAnswerStopsAllBeforeAnythingIsSwitched() throws IOException {
        bed.succeeds("one");
        bed.servers.get(2).close();
        DeployResult.Failure failure = bed.fails("two");
        assertThat(failure.cause())
                .hasMessageContaining(bed.name(2) + " refused the connection")
                .hasMessageContaining("nothing was changed");
        assertServed("one", "one", "one", "one", "one");
        for (int i = 0; i < 5; i++) {
            assertThat(bed.site(i).resolve("releases").toFile().list()).hasSize(1);
        }
    }

    @Test
    void theSkippedAreNamedAndBroughtUpToDateByTheNext() throws IOException {
        bed.rules = FleetRules.of(2, "skip", "60%");
        bed.hooks = new Hooks(
                List.of(new Hook("echo once on $PPID >>" + temp + "/once", true)), List.of(), Duration.ofSeconds(10));
        bed.succeeds("one");
        bed.servers.get(0).close();
        bed.servers.get(3).close();
        DeployResult.Success result = bed.succeeds("two");
        assertThat(result.hosts())
                .extracting(HostOutcome::outcome)
                .containsExactly(
                        HostOutcome.Outcome.SKIPPED,
                        HostOutcome.Outcome.SUCCESS,
                        HostOutcome.Outcome.SUCCESS,
                        HostOutcome.Outcome.SKIPPED,
                        HostOutcome.Outcome.SUCCESS);
        assertThat(result.hosts().get(3).message()).contains("refused the connection");
        assertThat(bed.said)
                .anyMatch(line -> line.startsWith("WARN " + bed.name(3) + ": SKIPPED, because")
                        && line.endsWith("it serves what it did, and the next deploy brings it up to date"));
        assertServed("one", "two", "two", "one", "two");
        // once-only hooks run on the first host that takes part
        assertThat(Files.readAllLines(temp.resolve("once"))).hasSize(2);

        bed.servers.get(4).close();
        assertThat(bed.fails("three").cause())
                .hasMessageContaining("only 2 of 5 hosts answer, and php.minHosts is 60%")
                .hasMessageContaining(bed.name(4) + " refused the connection")
                .hasMessageContaining("nothing was changed");
        assertServed("one", "two", "two", "one", "two");

        for (int host : List.of(0, 3, 4)) {
            Sshd again = Sshd.in(temp.resolve("host" + host)).start();
            bed.servers.set(host, again);
            SshSettings old = bed.way(host);
            bed.replaceWay(
                    host,
                    new SshSettings(
                            io.github.phpdeploy.host.HostAddress.parse(again.address()),
                            old.user(),
                            old.identityFile(),
                            Optional.empty(),
                            Optional.empty(),
                            again.knownHosts(),
                            old.connectTimeout()));
        }
        result = bed.succeeds("four");
        assertThat(result.hosts()).extracting(HostOutcome::outcome).containsOnly(HostOutcome.Outcome.SUCCESS);
        assertServed("four", "four", "four", "four", "four");
        // the release that is good on all of them is not the newest but one of each
        assertThat(bed.rollback()).isInstanceOf(DeployResult.Success.class);
        assertServed("one", "one", "one", "one", "one");
    }

    @Test
    void aHostThatIsNotTheOneThatItWasIsNeverSkipped() throws IOException {
        bed.rules = FleetRules.of(20, "skip", null);
        SshSettings right = bed.way(1);
        bed.replaceWay(
                1,
                new SshSettings(
                        right.address(),
                        right.user(),
                        right.identityFile(),
                        Optional.empty(),
                        Optional.empty(),
                        bed.way(2).knownHostsFile(),
                        right.connectTimeout()));
        assertThat(bed.fails("one").cause())
                .hasMessageContaining("the host key of " + bed.name(1) + " is not known")
                .hasMessageContaining("nothing was changed");
        assertServed("", "", "", "", "");
    }
}
