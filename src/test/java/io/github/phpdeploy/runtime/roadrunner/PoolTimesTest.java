package io.github.phpdeploy.runtime.roadrunner;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Times as Go writes them. */
class PoolTimesTest {

    private static PoolTimes with(String value) {
        return PoolTimes.none().with("time http reset_timeout " + value);
    }

    @ParameterizedTest
    @CsvSource({"10s, 10000", "1m30s, 90000", "500ms, 500", "1.5s, 1500", "1h, 3600000", "0, 60000", "0s, 60000"})
    void aTimeIsUnderstood(String text, long millis) {
        assertThat(with(text).of("http", "reset_timeout")).contains(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({"10", "${RESET}", "soon", "10 s"})
    void whatGoWouldNotTakeAsTimeIsNotKnown(String text) {
        assertThat(with(text).of("http", "reset_timeout")).isEmpty();
    }

    @Test
    void whatIsNotWrittenIsOneMinuteIfAllCouldBeRead() {
        assertThat(PoolTimes.none().of("http", "allocate_timeout")).contains(Duration.ofMinutes(1));
        assertThat(PoolTimes.none().with("unread").of("http", "allocate_timeout"))
                .isEmpty();
    }

    @Test
    void theCommandLineWins() {
        PoolTimes times =
                with("10s").overridden("rr serve -o http.pool.reset_timeout=2s -o jobs.pool.allocate_timeout=3s");
        assertThat(times.of("http", "reset_timeout")).contains(Duration.ofSeconds(2));
        assertThat(times.of("jobs", "allocate_timeout")).contains(Duration.ofSeconds(3));
        assertThat(times.sections()).containsExactlyInAnyOrder("http", "jobs");
    }
}
