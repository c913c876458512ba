package io.github.phpdeploy.host.ssh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.HostAddress;
import io.github.phpdeploy.host.Script;
import io.github.phpdeploy.it.Server;
import io.github.phpdeploy.it.Sshd;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Hosts that are reached through others, on real servers. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class JumpIT {

    private static final Script WHERE = new Script("where.sh", "echo \"${SSH_CONNECTION##* }\"; cat");

    @TempDir
    static Path temp;

    private static Sshd outer;
    private static Sshd inner;
    private static Sshd web;

    @BeforeAll
    static void start() {
        outer = Sshd.in(temp.resolve("outer")).start();
        inner = Sshd.in(temp.resolve("inner")).start();
        web = Sshd.in(temp.resolve("web")).start();
    }

    @AfterAll
    static void stop() {
        web.close();
        inner.close();
        outer.close();
    }

    private static SshSettings to(Sshd server) {
        return to(server.address(), server);
    }

    private static SshSettings to(String address, Sshd server) {
        return new SshSettings(
                HostAddress.parse(address),
                System.getProperty("user.name"),
                Optional.of(server.userKey()),
                Optional.empty(),
                Optional.empty(),
                server.knownHosts(),
                Duration.ofSeconds(3));
    }

    private static SshHost connect(SshSettings settings) {
        return SshHost.connect(settings, new Authentication(settings, Map.of(), temp.resolve("nobody")));
    }

    /** How many connections a server has let in so far. */
    private static long accepted(Sshd server) {
        return server.log()
                .lines()
                .filter(line -> line.startsWith("Accepted publickey"))
                .count();
    }

    private static void awaitNobody(Sshd server) {
        Server.await(
                "the connections to end",
                () -> server.handle().children().filter(ProcessHandle::isAlive).count() == 0);
    }

    @Test
    void throughTwoHosts() throws IOException {
        byte[] much = new byte[3_000_000];
        SshSettings way = to(web).through(Optional.of(to(inner).through(Optional.of(to(outer)))));
        try (SshHost host = connect(way)) {
            assertThat(host.name()).isEqualTo(web.address());
            assertThat(host.run(WHERE, List.of()).text()).isEqualTo(web.port() + "\n");
            assertThat(outer.handle().children()).isNotEmpty();
            assertThat(inner.handle().children()).isNotEmpty();
            try (var running = host.start(WHERE, List.of(), Duration.ofSeconds(20))) {
                running.stdin().write(much);
                assertThat(running.finish().text()).hasSize(much.length + (web.port() + "\n").length());
            }
            try (var files = host.files()) {
                assertThat(files).isNotNull();
            }
        }
        awaitNobody(web);
        awaitNobody(inner);
        awaitNobody(outer);
    }

    /** A host that a hundred others are reached through is connected to once. */
    @Test
    void manyShareOneConnection() {
        long before = accepted(outer);
        SshSettings way = to(web).through(Optional.of(to(outer)));
        List<SshHost> hosts = new ArrayList<>();
        List<CompletableFuture<SshHost>> connecting = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            connecting.add(CompletableFuture.supplyAsync(() -> connect(way)));
        }
        connecting.forEach(host -> hosts.add(host.join()));
        assertThat(accepted(outer)).isEqualTo(before + 1);
        hosts.remove(0).close();
        hosts.forEach(host -> assertThat(host.run(WHERE, List.of()).text()).isEqualTo(web.port() + "\n"));
        hosts.forEach(SshHost::close);
        awaitNobody(outer);
        connect(way).close();
        assertThat(accepted(outer)).isEqualTo(before + 2);
    }

    /** What still arrives for one that hangs up must not end the connection that others share. */
    @Test
    void whoHangsUpDisturbsNobody() {
        SshSettings way = to(web).through(Optional.of(to(outer)));
        try (SshHost stays = connect(way)) {
            for (int i = 0; i < 15; i++) {
                connect(way).expectScripts().close();
                assertThat(stays.run(WHERE, List.of()).text()).isEqualTo(web.port() + "\n");
            }
        }
        awaitNobody(outer);
    }

    @Test
    void theHostKeyOfEachIsChecked() throws IOException {
        Path nothing = Files.createFile(temp.resolve("known-nothing"));
        SshSettings target = to(web);
        SshSettings stranger = new SshSettings(
                target.address(),
                target.user(),
                target.identityFile(),
                Optional.empty(),
                Optional.empty(),
                nothing,
                target.connectTimeout());
        assertThatThrownBy(() -> connect(stranger.through(Optional.of(to(outer)))))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("the host key of " + web.address() + " is not known");
        assertThatThrownBy(() -> connect(to(outer).through(Optional.of(stranger))))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("the way to " + outer.address() + " is barred: the host key of " + web.address()
                        + " is not known");
        awaitNobody(outer);
    }

    /** What is wrong here already opens nothing there that nobody would close. */
    @Test
    void aFileOfHostKeysThatCannotBeReadLeavesNothingOpen() throws IOException {
        SshSettings target = to(web);
        SshSettings unreadable = new SshSettings(
                target.address(),
                target.user(),
                target.identityFile(),
                Optional.empty(),
                Optional.empty(),
                Files.createDirectories(temp.resolve("known-directory")),
                target.connectTimeout());
        assertThatThrownBy(() -> connect(unreadable.through(Optional.of(to(outer)))))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("cannot be read");
        awaitNobody(outer);
    }

    @Test
    void whatStandsInTheWayIsTold() throws IOException {
        int nobody = Server.freePort();
        SshSettings closed = to("me@127.0.0.1:" + nobody, web);
        assertThatThrownBy(() -> connect(closed.through(Optional.of(to(outer)))))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining(outer.address() + " could not connect to me@127.0.0.1:" + nobody)
                .hasMessageContaining("ssh -J ");
        assertThatThrownBy(() -> connect(to(web).through(Optional.of(closed))))
                .hasMessageContaining("the way to " + web.address() + " is barred: me@127.0.0.1:" + nobody
                        + " refused the connection");
        try (Sshd strict =
                Sshd.in(temp.resolve("strict")).option("AllowTcpForwarding no").start()) {
            assertThatThrownBy(() -> connect(to(web).through(Optional.of(to(strict)))))
                    .hasMessageContaining(
                            strict.address() + " does not allow connections from there to " + web.address())
                    .hasMessageContaining("AllowTcpForwarding");
        }
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            SshSettings mute = to("me@127.0.0.1:" + silent.getLocalPort(), web);
            assertThatThrownBy(() -> connect(mute.through(Optional.of(to(outer)))))
                    .hasMessageContaining("did not answer within 3 s");
        }
        awaitNobody(outer);
    }
}
