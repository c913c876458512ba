package io.github.phpdeploy.mojo;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.runtime.modphp.ModPhpSettings;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ModPhpParametersTest {

    private static final Runtimes.Common COMMON =
            new Runtimes.Common(true, Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(60), false);

    private static ModPhpSettings settings(Map<String, String> given, Integer longest) {
        return new ModPhpBean().with(new HashMap<>(given), longest).toSettings(COMMON);
    }

    @Test
    void whatIsGivenBecomesSettings() {
        ModPhpSettings settings = settings(
                Map.of(
                        "service",
                        " apache2 ",
                        "test",
                        "",
                        "url",
                        "http://127.0.0.1/release",
                        "releaseHeader",
                        "X-Version"),
                7);
        assertThat(settings.control().service()).contains("apache2");
        assertThat(settings.control().test()).isEmpty();
        assertThat(settings.control().sudo()).isTrue();
        assertThat(settings.control().limit()).isEqualTo(Duration.ofSeconds(60));
        assertThat(settings.showing().url()).hasToString("http://127.0.0.1/release");
        assertThat(settings.showing().header()).isEqualTo("X-Version");
        assertThat(settings.longestRequest()).contains(Duration.ofSeconds(7));
    }

    @Test
    void whatIsMissingOrWrongIsTold() {
        assertThatThrownBy(() -> settings(Map.of("service", "apache2"), null))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("set php.modphp.url");
        assertThatThrownBy(() -> settings(Map.of("url", "http://127.0.0.1/", "pidFile", "apache.pid"), null))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("php.modphp.pidFile \"apache.pid\" is not absolute");
    }
}
