package io.github.phpdeploy.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.phpdeploy.archive.Selection;
import io.github.phpdeploy.host.HostAddress;
import io.github.phpdeploy.host.ssh.SshSettings;
import io.github.phpdeploy.it.Sshd;
import io.github.phpdeploy.runtime.NoRuntime;

import static org.assertj.core.api.Assertions.assertThat;

/** Several hosts, each a real sshd with a deploy path of its own, and an application that is deployed to all of them. */
final class FleetBed implements AutoCloseable {

    final Path temp;
    final Path app;
    final List<Sshd> servers = new ArrayList<>();
    final List<String> said = new ArrayList<>();
    private final List<SshSettings> ways = new ArrayList<>();
    FleetRules rules = FleetRules.ALL;
    Rollout rollout = Rollout.ALL;
    Hooks hooks = Hooks.none();

    FleetBed(Path temp, int hosts) throws IOException {
        this.temp = temp;
        this.app = Files.createDirectories(temp.resolve("app"));
        for (int i = 0; i < hosts; i++) {
            Sshd server = Sshd.in(temp.resolve("host" + i)).start();
            servers.add(server);
            ways.add(new SshSettings(
                    HostAddress.parse(server.address()),
                    System.getProperty("user.name"),
                    Optional.of(server.userKey()),
                    Optional.empty(),
                    Optional.empty(),
                    server.knownHosts(),
                    Duration.ofSeconds(10)));
        }
    }

    /** The address of a host. */
    String name(int host) {
        return ways.get(host).address().toString();
    }

    /** Its deploy path. */
    Path site(int host) {
        return temp.resolve("host" + host).resolve("srv");
    }

    /** What a host's current release says; empty where there is none. */
    String served(int host) throws IOException {
        Path file = site(host).resolve("current/version");
        return Files.exists(file) ? Files.readString(file) : "";
    }

    /** Has another server answer in the place of a host. */
    void replaceWay(int host, SshSettings way) {
        ways.set(host, way);
    }

    SshSettings way(int host) {
        return ways.get(host);
    }

    private List<Target> targets() {
        List<Target> targets = new ArrayList<>();
        for (int i = 0; i < ways.size(); i++) {
            targets.add(new Target(ways.get(i).address(), Optional.of(ways.get(i)), site(i).toString()));
        }
        return targets;
    }

    /** Deploys a version of the application. */
    DeployResult deploy(String version) throws IOException {
        Files.writeString(app.resolve("version"), version);
        said.clear();
        return new Deployer(HostConnector.STANDARD, new LogWords(new Listener()))
                .deploy(new DeployRequest(
                        app,
                        Selection.standard(),
                        targets(),
                        rules,
                        rollout,
                        Optional.empty(),
                        version,
                        Initiator.of(Map.of()),
                        temp.resolve("cache"),
                        false,
                        5,
                        Duration.ZERO,
                        Shared.none(),
                        Writable.none(),
                        hooks,
                        new NoRuntime(),
                        Optional.empty(),
                        false));
    }

    DeployResult.Success succeeds(String version) throws IOException {
        DeployResult result = deploy(version);
        assertThat(result).isInstanceOf(DeployResult.Success.class);
        return (DeployResult.Success) result;
    }

    DeployResult.Failure fails(String version) throws IOException {
        DeployResult result = deploy(version);
        assertThat(result).isInstanceOf(DeployResult.Failure.class);
        return (DeployResult.Failure) result;
    }

    DeployResult rollback() {
        said.clear();
        return new Rollbacker(HostConnector.STANDARD, new LogWords(new Listener()))
                .rollback(new RollbackRequest(
                        targets(),
                        rules,
                        Optional.empty(),
                        false,
                        Initiator.of(Map.of()),
                        Duration.ZERO,
                        new NoRuntime(),
                        Optional.empty()));
    }

    private final class Listener implements LogSink {

        @Override
        public synchronized void info(String line) {
            said.add(line);
        }

        @Override
        public synchronized void warn(String line) {
            said.add("WARN " + line);
        }

        @Override
        public void debug(String line) {}

        @Override
        public void moment(String line) {}

        @Override
        public boolean isLive() {
            return false;
        }
    }

    @Override
    public void close() {
        servers.forEach(Sshd::close);
    }
}
