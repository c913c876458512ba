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
        // nothing is good on all of them but what some serve already
        assertThat(bed.rollback()).isInstanceOf(DeployResult.Failure.class);
        assertThat(bed.said)
                .anyMatch(line -> line.startsWith("WARN the hosts do not serve the same release: ")
                        && line.contains(" on " + bed.name(1) + ", " + bed.name(2) + ", " + bed.name(4)));
        assertServed("one", "two", "two", "one", "two");
        result = bed.succeeds("four");
        assertThat(result.hosts()).extracting(HostOutcome::outcome).containsOnly(HostOutcome.Outcome.SUCCESS);
        assertServed("four", "four", "four", "four", "four");
        assertThat(bed.said).noneMatch(line -> line.contains("do not serve the same"));
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

    private static String host(String command) {
        return "h=${PHP_DEPLOY_PATH%/srv}; h=${h##*host}; " + command;
    }

    private List<String> events() throws IOException {
        return Files.readAllLines(temp.resolve("events"));
    }

    private void drainTo(String events) {
        bed.rollout = Rollout.of(
                "rolling",
                "40%",
                Duration.ofMillis(200),
                host("echo \"drain $h\" >>" + events),
                host("echo \"undrain $h $(cat " + temp + "/host*/srv/current/version | tr -d '\\n')\" >>" + events));
    }

    @Test
    void batchesAreSwitchedOneAfterTheOther() throws IOException {
        bed.succeeds("1");
        drainTo(temp + "/events");
        DeployResult.Success result = bed.succeeds("2");
        assertThat(result.hosts()).extracting(HostOutcome::outcome).containsOnly(HostOutcome.Outcome.SUCCESS);
        List<String> events = events();
        assertThat(events).hasSize(10);
        assertThat(events.subList(0, 2)).containsExactlyInAnyOrder("drain 0", "drain 1");
        // those that come later still serve what they did
        assertThat(events.subList(2, 4)).containsExactlyInAnyOrder("undrain 0 22111", "undrain 1 22111");
        assertThat(events.subList(4, 6)).containsExactlyInAnyOrder("drain 2", "drain 3");
        assertThat(events.subList(6, 8)).containsExactlyInAnyOrder("undrain 2 22221", "undrain 3 22221");
        assertThat(events.subList(8, 10)).containsExactly("drain 4", "undrain 4 22222");
        assertThat(bed.said)
                .contains("Batch 1 of 3: " + bed.name(0) + ", " + bed.name(1), "Batch 3 of 3: " + bed.name(4));
    }

    @Test
    void aBatchThatFailsIsUndoneWithAllBeforeIt() throws IOException {
        bed.succeeds("1");
        drainTo(temp + "/events");
        bed.hooks = new Hooks(List.of(), List.of(new Hook(host("test \"$h\" != 3"), false)), Duration.ofSeconds(10));
        DeployResult.Failure failure = bed.fails("2");
        assertThat(failure.cause())
                .hasMessageContaining("failed on " + bed.name(3))
                .hasMessageContaining("it was undone: ");
        assertServed("1", "1", "1", "1", "1");
        assertThat(failure.hosts())
                .extracting(HostOutcome::outcome)
                .containsExactly(
                        HostOutcome.Outcome.ROLLED_BACK,
                        HostOutcome.Outcome.ROLLED_BACK,
                        HostOutcome.Outcome.ROLLED_BACK,
                        HostOutcome.Outcome.ROLLED_BACK,
                        HostOutcome.Outcome.FAILED);
        List<String> events = events();
        for (int i = 0; i < 4; i++) {
            String me = " " + i;
            assertThat(events).filteredOn(("drain" + me)::equals).hasSize(1);
            assertThat(events)
                    .filteredOn(line -> line.startsWith("undrain" + me))
                    .hasSize(1);
        }
        assertThat(events).noneMatch(line -> line.contains(" 4"));
    }

    @Test
    void aHostThatCannotBeDrainedStopsAll() throws IOException {
        bed.succeeds("1");
        bed.rollout = Rollout.of(
                "rolling",
                null,
                Duration.ZERO,
                host("test \"$h\" != 1"),
                host("echo \"undrain $h\" >>" + temp + "/events"));
        assertThat(bed.fails("2").cause()).hasMessageContaining("failed on " + bed.name(1));
        assertServed("1", "1", "1", "1", "1");
        assertThat(events()).containsExactly("undrain 0", "undrain 1");
    }
}
