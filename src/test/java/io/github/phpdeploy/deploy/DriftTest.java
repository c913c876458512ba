package io.github.phpdeploy.deploy;

import java.util.LinkedHashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DriftTest {

    @Test
    void hostsThatAgreeAreNotTold() {
        assertThat(Drift.between(Map.of("web1", "r1", "web2", "r1"))).isEmpty();
        assertThat(Drift.between(Map.of("web1", ""))).isEmpty();
    }

    @Test
    void hostsThatDisagreeAreTold() {
        Map<String, String> current = new LinkedHashMap<>();
        current.put("web1", "r2");
        current.put("web2", "r1");
        current.put("web3", "r2");
        current.put("web4", "");
        assertThat(Drift.between(current))
                .contains("the hosts do not serve the same release: r2 on web1, web3; r1 on web2; none on web4");
    }

    @Test
    void manyHostsAreCounted() {
        Map<String, String> current = new LinkedHashMap<>();
        for (int i = 0; i < 20; i++) {
            current.put("web" + i, "r1");
        }
        current.put("db", "r2");
        assertThat(Drift.between(current).orElseThrow())
                .contains("web7 and 12 more; r2 on db")
                .doesNotContain("web8");
    }
}
