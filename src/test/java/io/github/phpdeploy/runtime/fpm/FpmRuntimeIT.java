package io.github.phpdeploy.runtime.fpm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.HostAddress;
import io.github.phpdeploy.host.local.LocalHost;
import io.github.phpdeploy.host.ssh.SshHost;
import io.github.phpdeploy.host.ssh.SshSettings;
import io.github.phpdeploy.it.Fpm;
import io.github.phpdeploy.it.Server;
import io.github.phpdeploy.it.Sshd;
import io.github.phpdeploy.runtime.Intent;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Runtime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FpmRuntimeIT {

    @TempDir
    Path temp;

    private String reload(Host host, Path pidFile) {
        Runtime.Service service = new FpmRuntime(FpmSettings.of(pidFile.toString(), Duration.ofSeconds(20)))
                .inspect(new Place(host, temp.resolve("site").toString(), Optional.empty()), Intent.RELOAD);
        return service.await(service.reload());
    }

    /** A daemon gets a new process id with each reload. */
    @Test
    void aDaemonIsFollowed() throws IOException {
        String user = Server.isRoot() ? "user = www-data\ngroup = www-data\n" : "";
        Files.writeString(
                temp.resolve("fpm.conf"),
                "[global]\npid = " + temp + "/fpm.pid\nerror_log = " + temp + "/fpm.log\ndaemonize = yes\n"
                        + "process_control_timeout = 5s\n[www]\n" + user + "listen = " + temp
                        + "/fpm.sock\npm = static\npm.max_children = 2\n");
        // a relative file, as whoever started it in its directory may have written
        Server.run("sh", "-c", "cd " + temp + " && exec " + Fpm.program() + " -y fpm.conf");
        Path pidFile = temp.resolve("fpm.pid");
        try (Host host = new LocalHost()) {
            for (int i = 0; i < 5; i++) {
                assertThat(reload(host, pidFile)).isEqualTo("2 old php-fpm workers gone, 2 new ones up");
            }
            Files.writeString(temp.resolve("fpm.conf"), "[global]\nnonsense");
            assertThatThrownBy(() -> reload(host, pidFile))
                    .isInstanceOf(PhpDeployException.class)
                    .hasMessageContaining("does not pass its test")
                    .hasMessageContaining(Fpm.program() + " -t -y fpm.conf");
        } finally {
            Server.run("sh", "-c", "kill $(cat " + pidFile + ")");
        }
    }

    @Test
    void workersOnDemandNeedNotComeBack() {
        try (Fpm fpm = Fpm.in(temp.resolve("fpm"))
                        .global("process_control_timeout = 5s")
                        .pool("pm = ondemand")
                        .start();
                Host host = new LocalHost()) {
            assertThat(reload(host, fpm.pidFile())).isEqualTo("0 old php-fpm workers gone, 0 new ones up");
        }
    }

    /** OPcache tells the time of its last reset in seconds: that cannot show whether there was one more. */
    @Test
    void resetsWithinOneSecondAreToldApart() throws IOException {
        Server.run("chmod", "755", temp.toString());
        Path site = Files.createDirectories(temp.resolve("site/releases/r1"))
                .resolve("../..")
                .normalize();
        Files.createSymbolicLink(site.resolve("current"), Path.of("releases/r1"));
        try (Fpm fpm = Fpm.in(temp.resolve("fpm")).start();
                Host host = new LocalHost()) {
            FpmSettings standard = FpmSettings.of(fpm.pidFile().toString(), Duration.ofSeconds(5));
            FpmSettings settings = new FpmSettings(
                    standard.control(), standard.asking(), FpmSettings.Strategy.RESET, Optional.empty(), false);
            Runtime.Service service =
                    new FpmRuntime(settings).inspect(new Place(host, site.toString(), Optional.empty()), Intent.SWITCH);
            for (int i = 0; i < 8; i++) {
                assertThat(service.reload().how()).isEqualTo("OPcache was reset inside php-fpm");
            }
        }
    }

    /** Where processes of others cannot be looked into, FPM's own page says what they execute. */
    @Test
    void aReleaseInUseIsSeenByTheStatusPage() throws Exception {
        Server.run("chmod", "755", temp.toString());
        Path site = Files.createDirectories(temp.resolve("site"));
        Path end = temp.resolve("end");
        Path script = site.resolve("releases/r1/public/long.php");
        Files.createDirectories(script.getParent());
        Files.writeString(script, "<?php while (!file_exists('" + end + "')) { clearstatcache(); usleep(5000); }");
        Files.createSymbolicLink(site.resolve("current"), Path.of("releases/r1"));
        try (Fpm fpm = Fpm.in(temp.resolve("fpm"))
                        .global("process_control_timeout = 5s")
                        .pool("pm.status_path = /fpm-status")
                        .start();
                Host host = new LocalHost()) {
            Runtime.Service service = new FpmRuntime(
                            FpmSettings.of(fpm.pidFile().toString(), Duration.ofSeconds(20)))
                    .inspect(new Place(host, site.toString(), Optional.empty()), Intent.SWITCH);
            assertThat(service.inUse()).isEmpty();
            Pool pool = new Pool(host, fpm.socket().toString());
            CompletableFuture<Integer> status = CompletableFuture.supplyAsync(() -> {
                try {
                    return pool.ask(script.toString(), Map.of(), Duration.ofSeconds(20))
                            .status();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            Server.await("the request to begin", () -> !service.inUse().isEmpty());
            assertThat(service.inUse()).containsOnlyKeys("r1");
            assertThat(fpm.workers()).contains(Long.valueOf(service.inUse().get("r1")));
            Files.createFile(end);
            assertThat(status.get()).isEqualTo(200);
            // the worker counts as busy a moment longer than the answer takes
            Server.await("the worker to be idle", () -> service.inUse().isEmpty());
        }
    }

    /** As on most servers: an account deploys that is neither root nor the pool's. */
    @Test
    @EnabledIf("isRoot")
    void anotherAccountAsksThePool() throws IOException {
        Server.run("chmod", "755", temp.toString());
        Path site = Files.createDirectories(temp.resolve("site"));
        Files.createDirectories(site.resolve("releases/r1/public"));
        Files.writeString(site.resolve("releases/r1/public/index.php"), "<?php echo 1;");
        Files.createSymbolicLink(site.resolve("current"), Path.of("releases/r1"));
        Server.run("chown", "-R", "4711", site.toString());
        try (Sshd sshd = Sshd.in(temp.resolve("sshd"))
                        .account("deployer", 4711, "", "/bin/sh")
                        .start();
                Fpm fpm = Fpm.in(temp.resolve("fpm"))
                        .global("process_control_timeout = 5s")
                        .pool("listen.owner = www-data")
                        .pool("listen.mode = 0660")
                        .start();
                Host host = SshHost.connect(new SshSettings(
                        HostAddress.parse("127.0.0.1:" + sshd.port()),
                        "deployer",
                        Optional.of(sshd.userKey()),
                        Optional.empty(),
                        Optional.empty(),
                        sshd.knownHosts(),
                        Duration.ofSeconds(10)))) {
            // the configuration can be read by all, and the log that it names by root alone
            FpmSettings standard = FpmSettings.of(fpm.pidFile().toString(), Duration.ofSeconds(5));
            FpmSettings.Control control = new FpmSettings.Control(
                    Optional.empty(),
                    Optional.of(fpm.pidFile().toString()),
                    Optional.empty(),
                    Optional.of("true"),
                    false,
                    Duration.ofSeconds(5));
            FpmSettings.Asking asking = new FpmSettings.Asking(
                    Optional.of(fpm.socket().toString()),
                    Optional.empty(),
                    FpmSettings.Asking.ENTRIES,
                    Optional.empty(),
                    Duration.ofSeconds(5));
            FpmRuntime runtime = new FpmRuntime(
                    new FpmSettings(control, asking, FpmSettings.Strategy.NONE, standard.longestRequest(), false));
            Place place = new Place(host, site.toString(), Optional.empty());
            assertThatThrownBy(() -> runtime.inspect(place, Intent.SWITCH))
                    .isInstanceOf(PhpDeployException.class)
                    .hasMessageContaining(fpm.socket() + " on 127.0.0.1:" + sshd.port() + " cannot be asked")
                    .hasMessageContaining("ermission denied")
                    .hasMessageContaining("listen.acl_users");
            Server.run("chmod", "666", fpm.socket().toString());
            Runtime.Service service = runtime.inspect(place, Intent.SWITCH);
            assertThat(service.preview("r1")).get().asString().contains("public/index.php compiles");
            assertThat(service.prove("r1")).get().asString().contains("10 new connections");
            assertThat(site.toFile().list()).containsExactlyInAnyOrder("releases", "current");
        }
    }

    static boolean isRoot() {
        return Server.isRoot();
    }
}
