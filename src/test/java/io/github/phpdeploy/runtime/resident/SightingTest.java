package io.github.phpdeploy.runtime.resident;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

import io.github.phpdeploy.probe.HttpReply;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SightingTest {

    private static Sighting header(String value) {
        return see(Map.of("X-Release", value), "", null);
    }

    private static Sighting see(Map<String, String> headers, String body, String pattern) {
        Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        fields.putAll(headers);
        return Sighting.of(
                new HttpReply(200, fields, body),
                new ResidentSettings.Showing(
                        URI.create("http://127.0.0.1/"),
                        "x-release",
                        Optional.ofNullable(pattern).map(Pattern::compile),
                        Duration.ofSeconds(1)));
    }

    @Test
    void aHeaderNamesReleasesAndWhatAWorkerKnowsOfItself() {
        Sighting seen = header("r1 r2; pid=12; Mode=2 ; max_wait_time=10;; odd");
        assertThat(seen.releases()).containsExactlyInAnyOrder("r1", "r2");
        assertThat(seen.shows("r1")).isFalse();
        assertThat(seen.number("pid")).hasValue(12);
        assertThat(seen.number("max_wait_time")).hasValue(10);
        assertThat(seen.number("workers")).isEmpty();
        assertThat(header("r1").shows("r1")).isTrue();
    }

    @Test
    void whoNamesNothingShowsNothing() {
        assertThat(header("; pid=12").releases()).isEmpty();
        assertThat(header("").releases()).isEmpty();
        assertThat(see(Map.of(), "r1", null).shows("r1")).isFalse();
    }

    @Test
    void aBodyNamesReleasesByTheFirstGroupOrByTheOneOfThatName() {
        assertThat(see(Map.of(), "entry r1, include r2", "(?:entry|include) (\\w+)")
                        .releases())
                .containsExactlyInAnyOrder("r1", "r2");
        assertThat(see(Map.of(), "v7 of r1", "(v\\d) of (?<release>\\w+)").releases())
                .containsExactly("r1");
        assertThat(see(Map.of("X-Release", "r9; pid=3"), "r1", "(r\\d)").number("pid"))
                .hasValue(3);
    }
}
