package io.github.phpdeploy.host;

import io.github.phpdeploy.PhpDeployException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class HostAddressTest {

    @ParameterizedTest
    @CsvSource({
        "web1, '', web1, -1, web1",
        "deploy@web1, deploy, web1, -1, deploy@web1",
        "deploy@web1:2222, deploy, web1, 2222, deploy@web1:2222",
        "ssh://deploy@web1.example.com:22, deploy, web1.example.com, 22, deploy@web1.example.com:22",
        "ssh://web1, '', web1, -1, web1",
        "' deploy@10.0.0.1 ', deploy, 10.0.0.1, -1, deploy@10.0.0.1",
        "me@[::1]:2200, me, ::1, 2200, me@[::1]:2200",
        "'[fe80::1%eth0]', '', fe80::1%eth0, -1, '[fe80::1%eth0]'",
        "first.last@web_1, first.last, web_1, -1, first.last@web_1"
    })
    void readsWhatUsersWrite(String text, String user, String host, int port, String shown) {
        HostAddress address = HostAddress.parse(text);
        assertThat(address.user().orElse("")).isEqualTo(user);
        assertThat(address.host()).isEqualTo(host);
        assertThat(address.port().orElse(-1)).isEqualTo(port);
        assertThat(address).hasToString(shown);
        assertThat(address.isLocal()).isFalse();
    }

    @Test
    void localIsThisMachine() {
        assertThat(HostAddress.parse(" local ").isLocal()).isTrue();
        assertThat(HostAddress.parse("local")).hasToString("local");
        assertThat(HostAddress.parse("me@local").isLocal()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "@",
                "me@",
                "a b",
                "web1:",
                "web1:0",
                "web1:65536",
                "web1:ssh",
                "-oProxyCommand=x",
                "me@-web",
                "http://web1",
                "web1/path",
                "web;id",
                "$(id)",
                "-l@web1",
                "we`b",
                "a@b@c",
                "web1\nweb2",
                "[::1",
                "::1"
            })
    void refusesWhatIsNoAddress(String text) {
        assertThatThrownBy(() -> HostAddress.parse(text)).isInstanceOf(PhpDeployException.class);
    }

    @Test
    void refusesAPasswordWithoutShowingIt() {
        assertThatThrownBy(() -> HostAddress.parse("ssh://me:s3cr3t@web1"))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("settings.xml")
                .hasMessageNotContaining("s3cr3t");
    }
}
