package io.github.phpdeploy.runtime.fpm;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FpmConfigTest {

    private static final FpmConfig CONFIG = FpmConfig.parse(List.of(
            "[global]",
            "\tpid = /run/fpm.pid",
            "\tprocess_control_timeout = 60s",
            " ",
            "[www]",
            "\tuser = www-data",
            "\tlisten = /run/fpm.sock",
            "\tlisten.backlog = -1",
            "\tpm.status_path = undefined",
            "\trequest_terminate_timeout = 0s",
            "\tsecurity.limit_extensions = .php .phar",
            "\tphp_admin_value[open_basedir] = /srv:/tmp",
            "[shop]",
            "\tlisten = 127.0.0.1:9000",
            "\tlisten.backlog = 511",
            "\trequest_terminate_timeout = 20s",
            "configuration file /etc/php-fpm.conf test is successful"));

    @Test
    void sectionsAreRead() {
        assertThat(CONFIG.isKnown()).isTrue();
        assertThat(CONFIG.controlTimeout()).hasValue(60);
        assertThat(CONFIG.pool(Optional.empty())).as("one of two").isEmpty();
        FpmConfig.Section www = CONFIG.pool(Optional.of("/run/fpm.sock")).orElseThrow();
        assertThat(www.user()).contains("www-data");
        assertThat(www.statusPath()).isEmpty();
        assertThat(www.terminateTimeout()).isEmpty();
        assertThat(www.backlog()).isEqualTo(-1);
        assertThat(www.extensions()).containsExactly(".php", ".phar");
        assertThat(www.openBasedir()).contains("/srv:/tmp");
        FpmConfig.Section shop = CONFIG.pool(Optional.of("127.0.0.1:9000")).orElseThrow();
        assertThat(shop.terminateTimeout()).hasValue(20);
        assertThat(shop.backlog()).isEqualTo(511);
        assertThat(shop.extensions()).isEmpty();
    }

    @Test
    void nothingIsKnownOfNothing() {
        FpmConfig none = FpmConfig.parse(List.of("what a test of the user's own printed"));
        assertThat(none.isKnown()).isFalse();
        assertThat(none.controlTimeout()).isEmpty();
        assertThat(none.pool(Optional.empty())).isEmpty();
    }
}
