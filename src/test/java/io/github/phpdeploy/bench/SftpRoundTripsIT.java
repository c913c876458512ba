package io.github.phpdeploy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.github.phpdeploy.archive.Selection;
import io.github.phpdeploy.deploy.DeployRequest;
import io.github.phpdeploy.deploy.DeployResult;
import io.github.phpdeploy.deploy.Deployer;
import io.github.phpdeploy.deploy.FleetRules;
import io.github.phpdeploy.deploy.Hooks;
import io.github.phpdeploy.deploy.HostConnector;
import io.github.phpdeploy.deploy.HostOutcome;
import io.github.phpdeploy.deploy.Initiator;
import io.github.phpdeploy.deploy.LogSink;
import io.github.phpdeploy.deploy.LogWords;
import io.github.phpdeploy.deploy.Rollout;
import io.github.phpdeploy.deploy.Shared;
import io.github.phpdeploy.deploy.Stage;
import io.github.phpdeploy.deploy.Target;
import io.github.phpdeploy.deploy.Writable;
import io.github.phpdeploy.host.HostAddress;
import io.github.phpdeploy.host.ssh.SshSettings;
import io.github.phpdeploy.it.Server;
import io.github.phpdeploy.it.SftpOnly;
import io.github.phpdeploy.runtime.NoRuntime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Over a long line, SFTP must not cost a round trip for each file. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class SftpRoundTripsIT {

    private static final int FILES = Integer.getInteger("bench.sftp.files", 2000);
    private static final int MILLIS = 20;

    @TempDir
    Path temp;

    @Test
    void thousandsOfFilesShareRoundTrips() throws IOException {
        assumeTrue(Server.isRoot(), "only root can shut an account into a directory");
        Path app = Files.createDirectory(temp.resolve("app"));
        SampleTree.make(app, FILES);
        try (SftpOnly web = SftpOnly.start("internal-sftp");
                DelayLine line = new DelayLine(web.sshd().port(), MILLIS, 0)) {
            HostAddress address = HostAddress.parse("webspace@127.0.0.1:" + line.port());
            Path known = Files.writeString(
                    temp.resolve("known_hosts"),
                    Files.readString(web.sshd().knownHosts())
                            .replace(":" + web.sshd().port(), ":" + line.port()));
            SshSettings direct = web.settings(address);
            SshSettings settings = new SshSettings(
                    address,
                    direct.user(),
                    direct.identityFile(),
                    Optional.empty(),
                    Optional.empty(),
                    known,
                    Duration.ofSeconds(10));
            Target target = new Target(address, Optional.of(settings), web.deployPath());
            deploy(app, target);
            SampleTree.change(app, FILES, 0.01);
            HostOutcome second = deploy(app, target);
            assertThat(second.filesSent()).isLessThan(FILES / 10);
        }
    }

    private HostOutcome deploy(Path app, Target target) {
        DeployRequest request = new DeployRequest(
                app,
                Selection.standard(),
                List.of(target),
                FleetRules.ALL,
                Rollout.ALL,
                Optional.empty(),
                "1.0",
                Initiator.of(Map.of()),
                temp.resolve("cache"),
                true,
                5,
                Duration.ZERO,
                Shared.none(),
                Writable.none(),
                Hooks.none(),
                new NoRuntime(),
                Optional.empty(),
                false);
        DeployResult result = new Deployer(HostConnector.STANDARD, new LogWords(new Silence())).deploy(request);
        if (result instanceof DeployResult.Failure failure) {
            throw failure.cause();
        }
        HostOutcome outcome = result.hosts().get(0);
        // a round trip for each would be twice that
        assertThat(outcome.phases().get(Stage.UPLOAD)).isLessThan((long) FILES * MILLIS / 2);
        return outcome;
    }

    private static final class Silence implements LogSink {

        @Override
        public void info(String line) {}

        @Override
        public void warn(String line) {}

        @Override
        public void debug(String line) {}

        @Override
        public void moment(String line) {}

        @Override
        public boolean isLive() {
            return false;
        }
    }
}
