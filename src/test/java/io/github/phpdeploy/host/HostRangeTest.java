package io.github.phpdeploy.host;

import java.util.List;

import io.github.phpdeploy.PhpDeployException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class HostRangeTest {

    @ParameterizedTest
    @CsvSource({
        "web1, web1",
        "deploy@web[1:3]:22, deploy@web1:22 deploy@web2:22 deploy@web3:22",
        "web[08:11].example.com, web08.example.com web09.example.com web10.example.com web11.example.com",
        "web[8:11], web8 web9 web10 web11",
        "db-[a:c], db-a db-b db-c",
        "web[1:9:4], web1 web5 web9",
        "[a:b][1:2], a1 a2 b1 b2",
        "web[5:5], web5",
        // addresses of IPv6 are no ranges
        "deploy@[fe80::1]:22, deploy@[fe80::1]:22",
        "[1:2:3:4:5:6:7:8], [1:2:3:4:5:6:7:8]",
        "[::1], [::1]"
    })
    void standsFor(String text, String addresses) {
        assertThat(HostRange.expand(text)).isEqualTo(List.of(addresses.split(" ")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"web[3:1]", "web[c:a]", "web[1:3:0]"})
    void aRangeThatHoldsNothingIsAnError(String text) {
        assertThatThrownBy(() -> HostRange.expand(text))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("\"" + text + "\" has the range " + text.substring(3) + ", which holds nothing")
                .hasMessageContaining("web[01:50].example.com");
    }

    @Test
    void aSlipOfTheFingerIsNoMillionHosts() {
        assertThatThrownBy(() -> HostRange.expand("web[1:100000000]"))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("more than 10000 hosts");
        assertThat(HostRange.expand("web[1:10000]")).hasSize(10_000);
    }
}
