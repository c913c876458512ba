package io.github.phpdeploy.host.ssh;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

import io.github.phpdeploy.host.ssh.KnownHosts.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class KnownHostsTest {

    private static final byte[] KEY = "key one".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OTHER = "key two".getBytes(StandardCharsets.US_ASCII);

    private static String line(String hosts, byte[] key) {
        return hosts + " ssh-ed25519 " + Base64.getEncoder().encodeToString(key) + " comment with words\n";
    }

    private static Verdict judge(String file, String name) {
        return KnownHosts.parse(file).judge(name, "ssh-ed25519", KEY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "web1 | web1 | true",
                "WEB1 | web1 | true",
                "web1,10.0.0.1 | 10.0.0.1 | true",
                "web1 | web10 | false",
                "*.example.com | a.b.example.com | true",
                "*.example.com | example.com | false",
                "web? | web1 | true",
                "web? | web12 | false",
                "* | [web1]:2222 | true",
                "*,!web1 | web1 | false",
                "!web1,* | web1 | false",
                "!web1 | web2 | false",
                "*,!web1 | web2 | true",
                "[web1]:2222 | [web1]:2222 | true",
                "[web1]:2222 | web1 | false",
                "[web1]:2222 | [web1]:22 | false",
                "[*.example.com]:2222 | [a.example.com]:2222 | true",
                "web1 | [web1]:2222 | true"
            })
    void namesMatchAsInOpenSsh(String hosts, String name, boolean trusted) {
        assertThat(judge(line(hosts, KEY), name) instanceof Verdict.Trusted).isEqualTo(trusted);
    }

    @Test
    void aFileWithoutTheHostSaysUnknown() {
        assertThat(judge("", "web1")).isInstanceOf(Verdict.Unknown.class);
        assertThat(judge(line("web2", KEY), "web1")).isInstanceOf(Verdict.Unknown.class);
    }

    @Test
    void anotherKeySaysChangedAndWhere() {
        String file = "# a comment\n\n" + line("web1", OTHER);
        assertThat(judge(file, "web1")).isEqualTo(new Verdict.Changed(3, "ssh-ed25519", KnownHosts.fingerprint(OTHER)));
        assertThat(judge(file + line("web1", KEY), "web1")).isInstanceOf(Verdict.Trusted.class);
    }

    @Test
    void anotherKeyAtPort22IsNoChangeForAnotherPort() {
        assertThat(judge(line("web1", OTHER), "[web1]:2222")).isInstanceOf(Verdict.Unknown.class);
    }

    @Test
    void revokedWinsWhereverItStands() {
        assertThat(judge(line("web1", KEY) + "@revoked " + line("*", KEY), "web1"))
                .isEqualTo(new Verdict.Revoked(2));
        assertThat(judge("@revoked " + line("web2", KEY) + line("web1", KEY), "web1"))
                .isInstanceOf(Verdict.Trusted.class);
    }

    @Test
    void anAuthorityIsNoHostKey() {
        String file = "@cert-authority " + line("*.example.com", KEY);
        KnownHosts hosts = KnownHosts.parse(file);
        assertThat(hosts.judge("a.example.com", "ssh-ed25519", KEY)).isInstanceOf(Verdict.Unknown.class);
        assertThat(hosts.trustsAuthority("a.example.com", KEY)).isTrue();
        assertThat(hosts.trustsAuthority("a.example.org", KEY)).isFalse();
        assertThat(hosts.trustsAuthority("a.example.com", OTHER)).isFalse();
        assertThat(KnownHosts.parse(file + "@revoked " + line("*", KEY)).trustsAuthority("a.example.com", KEY))
                .isFalse();
    }

    @Test
    void nonsenseIsPassedOver() {
        String file =
                "web1\nweb1 ssh-ed25519\nweb1 ssh-ed25519 %%%\n@unknown web1 ssh-ed25519 AAAA\n|1|x web1\n|1|a|b| k AAAA\n\u0000\n";
        assertThat(judge(file, "web1")).isInstanceOf(Verdict.Unknown.class);
        assertThat(judge(file + line("web1", KEY), "web1")).isInstanceOf(Verdict.Trusted.class);
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.SECONDS)
    void noPatternIsCostly() {
        String pattern = "*a".repeat(2000) + "b";
        assertThat(judge(line(pattern, KEY), "a".repeat(4000))).isInstanceOf(Verdict.Unknown.class);
    }
}
