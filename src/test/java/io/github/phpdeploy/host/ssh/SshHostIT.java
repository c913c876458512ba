package io.github.phpdeploy.host.ssh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.HostAddress;
import io.github.phpdeploy.host.Running;
import io.github.phpdeploy.host.Script;
import io.github.phpdeploy.host.ScriptResult;
import io.github.phpdeploy.host.Secret;
import io.github.phpdeploy.it.Server;
import io.github.phpdeploy.it.Sshd;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SshHostIT {

    private static final Script ECHO = new Script("echo.sh", "printf '%s\\n' \"$@\"");

    @TempDir
    static Path temp;

    private static Sshd sshd;

    @BeforeAll
    static void start() {
        sshd = Sshd.in(temp.resolve("sshd")).hostKeys("ed25519", "ecdsa", "rsa").start();
    }

    @AfterAll
    static void stop() {
        sshd.close();
    }

    static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /** Settings that may be varied. */
    private record Way(
            String address,
            String user,
            Optional<Path> key,
            Optional<String> passphrase,
            Optional<String> password,
            Path knownHosts,
            Map<String, String> environment,
            Path home) {

        static Way to(Sshd sshd) {
            return new Way(
                    sshd.address(),
                    System.getProperty("user.name"),
                    Optional.of(sshd.userKey()),
                    Optional.empty(),
                    Optional.empty(),
                    sshd.knownHosts(),
                    Map.of(),
                    temp.resolve("nobody"));
        }

        Way as(String name) {
            String host = address.substring(address.indexOf('@') + 1);
            return new Way(host, name, key, passphrase, password, knownHosts, environment, home);
        }

        Way key(Path file) {
            return new Way(
                    address, user, Optional.ofNullable(file), passphrase, password, knownHosts, environment, home);
        }

        Way passphrase(String text) {
            return new Way(address, user, key, Optional.of(text), password, knownHosts, environment, home);
        }

        Way password(String text) {
            return new Way(address, user, key, passphrase, Optional.of(text), knownHosts, environment, home);
        }

        Way knownHosts(Path file) {
            return new Way(address, user, key, passphrase, password, file, environment, home);
        }

        Way address(String text) {
            return new Way(text, user, key, passphrase, password, knownHosts, environment, home);
        }

        Way agent(String socket) {
            return new Way(address, user, key, passphrase, password, knownHosts, Map.of("SSH_AUTH_SOCK", socket), home);
        }

        Way home(Path sshDirectory) {
            return new Way(address, user, key, passphrase, password, knownHosts, environment, sshDirectory);
        }

        SshHost connect() {
            SshSettings settings = new SshSettings(
                    HostAddress.parse(address),
                    user,
                    key,
                    passphrase.map(Secret::new),
                    password.map(Secret::new),
                    knownHosts,
                    Duration.ofSeconds(5));
            return SshHost.connect(settings, new Authentication(settings, environment, home));
        }
    }

    private static void assertWorks(Way way) {
        try (SshHost host = way.connect()) {
            assertThat(host.run(ECHO, List.of("a b", "c\nd")).text()).isEqualTo("a b\nc\nd\n");
        }
    }

    @Test
    void runsScripts() {
        try (SshHost host = Way.to(sshd).connect()) {
            for (int i = 0; i < 20; i++) {
                ScriptResult result =
                        host.run(new Script("t.sh", "echo \"$1\"; echo oops >&2; exit $1"), List.of("" + i));
                assertThat(result.exitCode()).isEqualTo(i);
                assertThat(result.text()).isEqualTo(i + "\n");
                assertThat(result.complaint()).isEqualTo("oops");
            }
        }
    }

    @Test
    void streamsBothWays() throws Exception {
        byte[] data = new byte[20_000_000];
        new Random(7).nextBytes(data);
        try (SshHost host = Way.to(sshd).connect();
                Running running = host.start(new Script("cat.sh", "cat"), List.of(), Duration.ofSeconds(50))) {
            Thread writer = new Thread(() -> {
                try {
                    running.stdin().write(data);
                    running.stdin().close();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            writer.start();
            assertThat(running.stdout().readAllBytes()).isEqualTo(data);
            assertThat(running.finish().ok()).isTrue();
        }
    }

    @Test
    void manyScriptsRunAtATime() {
        try (SshHost host = Way.to(sshd).connect()) {
            List<Running> running = java.util.stream.IntStream.range(0, 6)
                    .mapToObj(i -> host.start(
                            new Script("t.sh", "read x; echo $x$1"), List.of("" + i), Duration.ofSeconds(20)))
                    .toList();
            for (int i = 5; i >= 0; i--) {
                try {
                    running.get(i).stdin().write("x\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
                assertThat(running.get(i).finish().text()).isEqualTo("x" + i + "\n");
            }
        }
    }

    @Test
    void aHostThatAllowsFewSessionsIsServedInTurn() throws Exception {
        try (Sshd strict = Sshd.in(temp.resolve("few")).option("MaxSessions 2").start();
                SshHost host = Way.to(strict).connect()) {
            try (Running held = host.start(new Script("hold.sh", "read x"), List.of(), Duration.ofSeconds(20))) {
                for (int i = 0; i < 50; i++) {
                    assertThat(host.run(ECHO, List.of("" + i)).text()).isEqualTo(i + "\n");
                }
                held.finish();
            }
        }
    }

    @Test
    void aHostThatAllowsTooFewSessionsIsToldSo() throws Exception {
        try (Sshd strict = Sshd.in(temp.resolve("one")).option("MaxSessions 1").start();
                SshHost host = Way.to(strict).connect()) {
            try (Running held = host.start(new Script("hold.sh", "read x"), List.of(), Duration.ofSeconds(60))) {
                assertThatThrownBy(() -> host.run(ECHO, List.of("x")))
                        .isInstanceOf(PhpDeployException.class)
                        .hasMessageContaining("refused one more session")
                        .hasMessageContaining("MaxSessions");
                held.finish();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
    void trustsWhicheverHostKeyIsKnown(String kind) throws IOException {
        String[] key = sshd.hostKey(kind).split(" ");
        Path known = temp.resolve("known_" + kind);
        Files.writeString(
                known, "# comment\n\n[127.0.0.1]:" + sshd.port() + " " + key[0] + " " + key[1] + " me@here\n");
        assertWorks(Way.to(sshd).knownHosts(known));
    }

    @Test
    void trustsHashedNames() throws IOException {
        Path known = temp.resolve("known_hashed");
        Files.copy(sshd.knownHosts(), known);
        Server.run("ssh-keygen", "-q", "-H", "-f", known.toString());
        assertThat(Files.readString(known)).contains("|1|").doesNotContain("127.0.0.1");
        assertWorks(Way.to(sshd).knownHosts(known));
    }

    @Test
    void anUnknownHostIsRefusedWithItsFingerprintAndTheLineToAdd() throws IOException {
        Path nobody = temp.resolve("known_nobody");
        String fingerprint = Server.run(
                        "ssh-keygen",
                        "-lf",
                        temp.resolve("sshd/host_ed25519.pub").toString())
                .split(" ")[1];
        String[] key = sshd.hostKey("ed25519").split(" ");
        String line = "[127.0.0.1]:" + sshd.port() + " " + key[0] + " " + key[1];
        assertThatThrownBy(() -> Way.to(sshd).knownHosts(nobody).connect())
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining(sshd.address() + " is not known")
                .hasMessageContaining(fingerprint)
                .hasMessageContaining(line)
                .hasMessageContaining(nobody.toString());
        Files.writeString(nobody, line + "\n");
        assertWorks(Way.to(sshd).knownHosts(nobody));
    }

    @Test
    void aChangedHostKeyIsRefused() throws IOException {
        Server.run(
                "ssh-keygen",
                "-q",
                "-t",
                "ed25519",
                "-N",
                "",
                "-f",
                temp.resolve("other").toString());
        String other = Files.readString(temp.resolve("other.pub"));
        Path known = temp.resolve("known_other");
        Files.writeString(known, "# first line\n[127.0.0.1]:" + sshd.port() + " " + other);
        assertThatThrownBy(() -> Way.to(sshd).knownHosts(known).connect())
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("has CHANGED")
                .hasMessageContaining("line 2 of " + known);
    }

    @Test
    void aRevokedHostKeyIsRefused() throws IOException {
        Path known = temp.resolve("known_revoked");
        Files.writeString(known, Files.readString(sshd.knownHosts()) + "@revoked * " + sshd.hostKey("ed25519") + "\n");
        assertThatThrownBy(() -> Way.to(sshd).knownHosts(known).connect())
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("is revoked by line 4");
    }

    @ParameterizedTest
    @CsvSource({
        "ed25519, '', ''",
        "ed25519, '', secret",
        "ecdsa, '', ''",
        "ecdsa, '', secret",
        "rsa, '', ''",
        "rsa, '', secret",
        "rsa, PEM, ''",
        "rsa, PEM, secret",
        "ecdsa, PEM, ''",
        "ecdsa, PEM, secret",
        "rsa, PKCS8, ''",
        "rsa, PKCS8, secret",
        "ecdsa, PKCS8, ''",
        "ecdsa, PKCS8, secret"
    })
    void keyFilesOfEveryFormatLetUsIn(String kind, String format, String passphrase) throws IOException {
        Path key = temp.resolve("key_" + kind + format + passphrase);
        if (format.isEmpty()) {
            Server.run("ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-f", key.toString());
        } else {
            Server.run("ssh-keygen", "-q", "-t", kind, "-m", format, "-N", passphrase, "-f", key.toString());
        }
        sshd.authorize(Files.readString(Path.of(key + ".pub")));
        Way way = Way.to(sshd).key(key);
        if (passphrase.isEmpty()) {
            assertWorks(way);
            return;
        }
        assertWorks(way.passphrase(passphrase));
        assertThatThrownBy(way::connect)
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining(key + " is locked by a passphrase");
        assertThatThrownBy(() -> way.passphrase("wrong-guess").connect())
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("does not unlock the private key " + key)
                .hasMessageNotContaining("wrong-guess");
    }

    @Test
    void aKeyThatIsLockedWithAForeignCipherIsToldSo() {
        Path key = temp.resolve("chacha");
        Server.run(
                "ssh-keygen",
                "-q",
                "-t",
                "ed25519",
                "-Z",
                "chacha20-poly1305@openssh.com",
                "-N",
                "right",
                "-f",
                key.toString());
        assertThatThrownBy(() -> Way.to(sshd).key(key).passphrase("right").connect())
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining(key + " is locked with a cipher that is not known here")
                .hasMessageContaining("ssh-keygen -p -Z aes256-ctr");
    }

    @Test
    void aKeyThatIsMissingOrNoKeyIsRefused() throws IOException {
        assertThatThrownBy(() -> Way.to(sshd).key(temp.resolve("no-such-key")).connect())
                .hasMessageContaining("there is no such file");
        Path garbage = Files.writeString(temp.resolve("garbage"), "hello\n");
        assertThatThrownBy(() -> Way.to(sshd).key(garbage).connect())
                .hasMessageContaining(garbage + " is of no format known here");
    }

    @Test
    void aWrongKeyIsToldWithWhatWasTried() throws IOException {
        Server.run(
                "ssh-keygen",
                "-q",
                "-t",
                "ed25519",
                "-N",
                "",
                "-f",
                temp.resolve("stranger").toString());
        assertThatThrownBy(() -> Way.to(sshd).key(temp.resolve("stranger")).connect())
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("did not let " + System.getProperty("user.name") + " in")
                .hasMessageContaining("the key " + temp.resolve("stranger"))
                .hasMessageContaining("it offers publickey")
                .hasMessageContaining("ssh -p " + sshd.port());
    }

    @Test
    void nothingToShowIsTold() {
        assertThatThrownBy(() -> Way.to(sshd).key(null).connect())
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("there is no key and no password to show to it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
    void theAgentsKeysLetUsIn(String kind) throws IOException {
        Path key = temp.resolve("agent_" + kind);
        Path socket = temp.resolve("agent-" + kind + ".sock");
        Server.run("ssh-keygen", "-q", "-t", kind, "-N", "", "-f", key.toString());
        sshd.authorize(Files.readString(Path.of(key + ".pub")));
        String started = Server.run("ssh-agent", "-s", "-a", socket.toString());
        long pid = Long.parseLong(started.replaceAll("(?s).*SSH_AGENT_PID=(\\d+).*", "$1"));
        try {
            Server.run("sh", "-c", "SSH_AUTH_SOCK='" + socket + "' ssh-add -q '" + key + "'");
            assertWorks(Way.to(sshd).key(null).agent(socket.toString()));
        } finally {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
        }
    }

    @Test
    void theDefaultKeyFilesLetUsIn() throws IOException {
        Path home = Files.createDirectory(temp.resolve("dot-ssh"));
        Files.copy(sshd.userKey(), home.resolve("id_ed25519"));
        assertWorks(Way.to(sshd).key(null).home(home));
    }

    @Test
    void aLockedDefaultKeyIsMentionedWhenNothingServes() {
        Path home = temp.resolve("dot-ssh-locked");
        home.toFile().mkdir();
        Server.run(
                "ssh-keygen",
                "-q",
                "-t",
                "rsa",
                "-N",
                "secret",
                "-f",
                home.resolve("id_rsa").toString());
        assertThatThrownBy(() -> Way.to(sshd).key(null).home(home).connect())
                .hasMessageContaining("id_rsa is locked by a passphrase");
    }

    @Test
    @EnabledIf("isRoot")
    void passwordsLetUsIn() {
        try (Sshd server = Sshd.in(temp.resolve("passwords"))
                .account("alice", 2001, "correct horse", "/bin/sh")
                .option("PasswordAuthentication yes")
                .start()) {
            Way alice = Way.to(server).as("alice").key(null);
            assertWorks(alice.password("correct horse"));
            assertThatThrownBy(() -> alice.password("battery-staple").connect())
                    .isInstanceOf(PhpDeployException.class)
                    .hasMessageContaining("accepted none of: the password")
                    .hasMessageNotContaining("battery");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/usr/bin/fish", "/bin/tcsh", "/bin/bash"})
    @EnabledIf("isRoot")
    void anyLoginShellWillDo(String shell) throws IOException {
        Path folder = temp.resolve("shell" + shell.replace('/', '-'));
        try (Sshd server = Sshd.in(folder).account("bob", 2002, "", shell).start()) {
            Path home = folder.resolve("home-bob");
            Files.createDirectories(home.resolve(".config/fish"));
            Files.writeString(home.resolve(".config/fish/config.fish"), "echo noise from fish\n");
            Files.writeString(home.resolve(".cshrc"), "echo noise from csh\n");
            Files.writeString(home.resolve(".bashrc"), "echo noise from bash\n");
            Server.run("chown", "-R", "2002:2002", home.toString());
            assertWorks(Way.to(server).as("bob"));
        }
    }

    @Test
    @EnabledIf("isRoot")
    void anAccountThatMayNotRunCommandsIsTold() {
        try (Sshd server = Sshd.in(temp.resolve("nologin"))
                .account("carol", 2003, "", "/usr/sbin/nologin")
                .start()) {
            assertThatThrownBy(() -> assertWorks(Way.to(server).as("carol")))
                    .isInstanceOf(PhpDeployException.class)
                    .hasMessageContaining("ran no shell for us")
                    .hasMessageContaining("This account is currently not available");
        }
        try (Sshd server = Sshd.in(temp.resolve("sftp"))
                .option("ForceCommand internal-sftp")
                .start()) {
            assertThatThrownBy(() -> assertWorks(Way.to(server)))
                    .isInstanceOf(PhpDeployException.class)
                    .hasMessageContaining("ran no shell for us");
        }
    }

    @Test
    void aClosedPortANameThatDoesNotResolveAndSilenceAreTold() throws IOException {
        int closed = Server.freePort();
        assertThatThrownBy(() -> Way.to(sshd).address("me@127.0.0.1:" + closed).connect())
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("refused the connection to port " + closed);
        assertThatThrownBy(() -> Way.to(sshd).address("me@no-such-host.invalid").connect())
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("no-such-host.invalid does not resolve");
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> Way.to(sshd)
                            .address("me@127.0.0.1:" + silent.getLocalPort())
                            .connect())
                    .isInstanceOf(PhpDeployException.class)
                    .hasMessageContaining("did not answer within 5 s")
                    .hasMessageContaining("php.connectTimeout");
        }
    }

    @Test
    void garbageInsteadOfSshIsTold() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread http = new Thread(() -> {
                try (Socket socket = server.accept()) {
                    socket.getOutputStream().write("HTTP/1.1 400 Bad\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            http.start();
            assertThatThrownBy(() -> Way.to(sshd)
                            .address("me@127.0.0.1:" + server.getLocalPort())
                            .connect())
                    .isInstanceOf(PhpDeployException.class)
                    .hasMessageContaining("could not be made");
        }
    }

    @Test
    void connectsFromTheHost() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                SshHost host = Way.to(sshd).connect();
                Socket near = host.dial("127.0.0.1", server.getLocalPort(), Duration.ofSeconds(5));
                Socket far = server.accept()) {
            near.getOutputStream().write("ping\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(far.getInputStream().readNBytes(5)).asString().isEqualTo("ping\n");
            far.getOutputStream().write("pong\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(near.getInputStream().readNBytes(5)).asString().isEqualTo("pong\n");
            assertThatThrownBy(() -> host.dial("127.0.0.1", Server.freePort(), Duration.ofSeconds(5)))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aHostThatForbidsTunnelsIsTold() {
        try (Sshd strict = Sshd.in(temp.resolve("notunnel"))
                        .option("AllowTcpForwarding no")
                        .start();
                SshHost host = Way.to(strict).connect()) {
            assertThatThrownBy(() -> host.dial("127.0.0.1", 80, Duration.ofSeconds(5)))
                    .isInstanceOf(PhpDeployException.class)
                    .hasMessageContaining("AllowTcpForwarding");
        }
    }

    @Test
    void aConnectionThatBreaksIsTold() throws IOException {
        Host host = Way.to(sshd).connect();
        try (Running running =
                host.start(new Script("wait.sh", "echo up; read x"), List.of(), Duration.ofSeconds(20))) {
            assertThat(running.stdout().read()).isEqualTo('u');
            // sshd's session processes, not the shells in them
            sshd.handle()
                    .descendants()
                    .filter(process -> process.info().command().orElse("").endsWith("sshd"))
                    .forEach(ProcessHandle::destroyForcibly);
            assertThatThrownBy(running::finish)
                    .isInstanceOf(PhpDeployException.class)
                    .hasMessageContaining("was lost while it ran wait.sh");
        } finally {
            host.close();
        }
    }

    @Test
    void nothingIsLogged() {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        System.setOut(new PrintStream(heard, true));
        System.setErr(new PrintStream(heard, true));
        try {
            assertThatThrownBy(() -> Way.to(sshd)
                            .knownHosts(temp.resolve("known_nothing"))
                            .connect())
                    .isInstanceOf(PhpDeployException.class);
            assertWorks(Way.to(sshd));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        assertThat(HexFormat.of().formatHex(heard.toByteArray())).isEmpty();
    }
}
