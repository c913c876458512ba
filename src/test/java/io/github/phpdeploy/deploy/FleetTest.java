package io.github.phpdeploy.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.HostAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class FleetTest {

    private static final int HOSTS = 12;

    private static Fleet fleet(int parallel) {
        List<Target> targets = new ArrayList<>();
        for (int i = 0; i < HOSTS; i++) {
            targets.add(new Target(HostAddress.parse("local"), Optional.empty(), "/srv/" + i));
        }
        return Fleet.of(
                targets,
                FleetRules.of(parallel, "fail", null),
                HostConnector.STANDARD,
                ShellUse.none(),
                new LogWords(new Silence()));
    }

    private static final class Silence implements LogSink {
        @Override
        public void info(String line) {}

        @Override
        public void warn(String line) {}

        @Override
        public void debug(String line) {}

        @Override
        public void moment(String line) {}

        @Override
        public boolean isLive() {
            return false;
        }
    }

    @Test
    void hostsAreSentToInTurns() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        try (Fleet fleet = fleet(3)) {
            fleet.stage(Stage.UPLOAD, run -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                try {
                    TimeUnit.MILLISECONDS.sleep(30);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                now.decrementAndGet();
                done.incrementAndGet();
            });
        }
        assertThat(done).hasValue(HOSTS);
        assertThat(most).hasValue(3);
    }

    @Test
    void hostsAreSwitchedTogether() {
        CyclicBarrier together = new CyclicBarrier(HOSTS);
        AtomicInteger done = new AtomicInteger();
        try (Fleet fleet = fleet(1)) {
            fleet.stage(Stage.ACTIVATE, run -> {
                try {
                    together.await(20, TimeUnit.SECONDS);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                done.incrementAndGet();
            });
        }
        assertThat(done).hasValue(HOSTS);
    }

    @ParameterizedTest
    @CsvSource({"3, 10, 3", "80%, 10, 8", "80 %, 3, 3", "1%, 10, 1", "100%, 7, 7"})
    void aNumberOfHosts(String text, int all, int least) {
        assertThat(FleetRules.Share.parse("php.minHosts", text).of(all)).isEqualTo(least);
    }

    @ParameterizedTest
    @CsvSource({
        "0, fail, , php.parallel is 0",
        "1, ignore, , 'php.unreachable is \"ignore\"; set it to fail or skip'",
        "1, skip, 0, php.minHosts is \"0\"",
        "1, skip, 101%, php.minHosts is \"101%\"",
        "1, skip, most, php.minHosts is \"most\"",
        "1, fail, 2, 'php.minHosts is set, but hosts that do not answer are not skipped; set php.unreachable to skip'"
    })
    void whatMakesNoSenseIsAnError(int parallel, String unreachable, String minHosts, String message) {
        assertThatThrownBy(() -> FleetRules.of(parallel, unreachable, minHosts))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining(message);
    }
}
