package io.github.phpdeploy.host;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.local.LocalHost;
import io.github.phpdeploy.host.ssh.SshHost;
import io.github.phpdeploy.host.ssh.SshSettings;
import io.github.phpdeploy.it.EchoSocket;
import io.github.phpdeploy.it.Sshd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Unix sockets of a host are reached by whatever way there is. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DialSocketIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path temp;

    private void works(Host host) throws IOException {
        Path path = temp.resolve("echo.sock");
        try (EchoSocket echo = new EchoSocket(path)) {
            assertThat(echo).isNotNull();
            for (int i = 0; i < 3; i++) {
                try (Wire wire = host.dialSocket(path.toString(), LIMIT)) {
                    byte[] sent = "é\0\n\r\u00ff and more".repeat(300).getBytes(StandardCharsets.UTF_8);
                    wire.out().write(sent);
                    wire.out().flush();
                    byte[] back = wire.in().readNBytes(2 * sent.length);
                    for (int at = 0; at < sent.length; at++) {
                        assertThat(back[2 * at]).isEqualTo(sent[at]);
                        assertThat(back[2 * at + 1]).isEqualTo(sent[at]);
                    }
                }
            }
        }
        assertThatThrownBy(() -> host.dialSocket(temp + "/nobody.sock", LIMIT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No such file");
    }

    @Test
    void ofThisMachine() throws IOException {
        try (Host host = new LocalHost()) {
            works(host);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"AllowStreamLocalForwarding yes", "AllowStreamLocalForwarding no"})
    void overSsh(String option) throws IOException {
        try (Sshd sshd = Sshd.in(temp.resolve("sshd")).option(option).start();
                Host host = SshHost.connect(new SshSettings(
                        HostAddress.parse(sshd.address()),
                        System.getProperty("user.name"),
                        Optional.of(sshd.userKey()),
                        Optional.empty(),
                        Optional.empty(),
                        sshd.knownHosts(),
                        LIMIT))) {
            works(host);
            // only the bridge runs a program on the host
            assertThat(sshd.log().contains("refused streamlocal")).isEqualTo(option.endsWith("no"));
        }
    }

    /** On a host that has this program, and no other that could do it. */
    @ParameterizedTest
    @ValueSource(strings = {"perl", "php"})
    void byAProgramOnTheHost(String program) throws IOException {
        Path tools = Files.createDirectories(temp.resolve("tools"));
        for (String tool : List.of("sh", "cat", program)) {
            stand(tools.resolve(tool), which(tool));
        }
        works(ShellUnderTest.with(Map.of("PATH", tools.toString())));
    }

    @Test
    void aHostWithoutAnyWayIsTold() throws IOException {
        Path tools = Files.createDirectories(temp.resolve("tools"));
        stand(tools.resolve("sh"), which("sh"));
        ShellUnderTest host = ShellUnderTest.with(Map.of("PATH", tools.toString()));
        assertThatThrownBy(() -> host.dialSocket(temp + "/echo.sock", LIMIT))
                .isInstanceOf(PhpDeployException.class)
                .isNotInstanceOf(ConnectException.class)
                .hasMessageContaining("AllowStreamLocalForwarding");
    }

    private static void stand(Path file, Path program) throws IOException {
        Files.writeString(file, "#!/bin/sh\nexec " + program + " \"$@\"\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private static Path which(String tool) {
        return List.of("/usr/bin/", "/bin/", "/usr/local/bin/").stream()
                .map(directory -> Path.of(directory + tool))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow();
    }
}
