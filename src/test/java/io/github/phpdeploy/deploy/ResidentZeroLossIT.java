package io.github.phpdeploy.deploy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.github.phpdeploy.host.HostAddress;
import io.github.phpdeploy.host.ssh.SshSettings;
import io.github.phpdeploy.it.Load;
import io.github.phpdeploy.it.Resident;
import io.github.phpdeploy.it.Sshd;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Deploys to resident servers, and rollbacks, under load: no request fails, none is served by two releases, and none by an old one
 * once the goal has returned. On stand-ins, or on the real ones where they are given; see {@link Resident}.
 */
@Timeout(value = 900, unit = TimeUnit.SECONDS)
@Tag("load")
class ResidentZeroLossIT {

    private static final int SWITCHES = Math.max(2, Integer.getInteger("load.switches", 0));

    private static final int ROLLBACKS = SWITCHES > 2 ? 5 : 1;

    @TempDir
    Path temp;

    private static Target target(Sshd sshd, Path site) {
        HostAddress address = HostAddress.parse(sshd.address());
        SshSettings ssh = new SshSettings(
                address,
                System.getProperty("user.name"),
                Optional.of(sshd.userKey()),
                Optional.empty(),
                Optional.empty(),
                sshd.knownHosts(),
                Duration.ofSeconds(10));
        return new Target(address, Optional.of(ssh), site.toString());
    }

    private ResidentDeploys site(String kind, Target target) {
        return kind.equals("ROADRUNNER")
                ? new RoadRunnerDeploys(temp, target)
                : new ResidentDeploys(Resident.Kind.valueOf(kind), temp, target);
    }

    /** A kind of {@link Resident}, or RoadRunner. */
    @ParameterizedTest
    @ValueSource(strings = {"SWOOLE", "WORKERMAN", "ROADRUNNER"})
    void nothingIsLost(String kind) throws IOException {
        List<Load.Mark> marks = new ArrayList<>();
        try (Sshd sshd = Sshd.in(temp.resolve("sshd")).start();
                ResidentDeploys site = site(kind, target(sshd, temp.resolve("srv/shop")))) {
            marks.add(new Load.Mark(System.nanoTime(), site.deployNext()));
            assertThat(site.said).anyMatch(line -> line.contains("start the server when this first deploy is done"));
            site.start();
            try (Load load = new Load(site.server.port(), 4, Map.of("/index.php", 6, "/slow.php", 2))) {
                for (int i = 0; i < SWITCHES; i++) {
                    String name = site.deployNext();
                    marks.add(new Load.Mark(System.nanoTime(), name));
                    assertThat(site.said)
                            .anyMatch(line -> line.matches(".*4 old \\w+ workers gone, 4 new ones up.*"))
                            .anyMatch(line -> line.matches(".* new connections to 4 workers show 20[0-9-]+.*"));
                    pause(200);
                }
                for (int i = 1; i <= ROLLBACKS; i++) {
                    DeployResult back = site.rollback();
                    assertThat(back).as(site.said::toString).isInstanceOf(DeployResult.Success.class);
                    marks.add(new Load.Mark(System.nanoTime(), "v" + (site.version - i)));
                    pause(200);
                }
                Load.Tally tally = load.end(marks);
                System.out.println(
                        "[load] " + site.words() + ", " + SWITCHES + " deploys, " + ROLLBACKS + " rollbacks: " + tally);
                assertThat(tally.failed()).as(tally::toString).isEmpty();
                assertThat(tally.torn()).as(tally::toString).isEmpty();
                assertThat(tally.stale()).as(tally::toString).isEmpty();
                assertThat(tally.visits()).hasSizeGreaterThan(500);
            }
        }
    }

    private static void pause(int millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
