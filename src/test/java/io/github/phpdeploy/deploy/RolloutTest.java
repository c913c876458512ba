package io.github.phpdeploy.deploy;

import java.time.Duration;
import java.util.List;

import io.github.phpdeploy.PhpDeployException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RolloutTest {

    private static final List<Integer> HOSTS = List.of(1, 2, 3, 4, 5);

    @ParameterizedTest
    @CsvSource({
        "all, , '[[1, 2, 3, 4, 5]]'",
        "rolling, , '[[1], [2], [3], [4], [5]]'",
        "rolling, 2, '[[1, 2], [3, 4], [5]]'",
        "rolling, 50%, '[[1, 2, 3], [4, 5]]'",
        "rolling, 1%, '[[1], [2], [3], [4], [5]]'",
        "rolling, 9, '[[1, 2, 3, 4, 5]]'"
    })
    void batches(String strategy, String batch, String batches) {
        assertThat(Rollout.of(strategy, batch, Duration.ZERO, null, null).batches(HOSTS))
                .hasToString(batches);
    }

    @Test
    void drainIsForBothStrategies() {
        assertThat(Rollout.of("all", null, Duration.ZERO, "off", "on").undrain())
                .contains("on");
        assertThat(Rollout.of("all", null, Duration.ZERO, " ", "")).isEqualTo(Rollout.ALL);
    }

    @ParameterizedTest
    @CsvSource({
        "quick, , 0, , , 'php.strategy is \"quick\"; set it to all or rolling'",
        "all, 2, 0, , , 'php.batch is set, but php.strategy is all'",
        "all, , 3, , , 'php.pause is set, but php.strategy is all'",
        "rolling, 0, 0, , , 'php.batch is \"0\"'",
        "rolling, 1, 0, off, , php.drain is set without php.undrain",
        "rolling, 1, 0, , on, php.undrain is set without php.drain"
    })
    void whatMakesNoSenseIsAnError(
            String strategy, String batch, int pause, String drain, String undrain, String message) {
        assertThatThrownBy(() -> Rollout.of(strategy, batch, Duration.ofSeconds(pause), drain, undrain))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining(message);
    }
}
