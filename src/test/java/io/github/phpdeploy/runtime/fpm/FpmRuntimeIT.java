package io.github.phpdeploy.runtime.fpm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.local.LocalHost;
import io.github.phpdeploy.it.Fpm;
import io.github.phpdeploy.it.Server;
import io.github.phpdeploy.runtime.Intent;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Runtime;
import org.junit.jupiter.api.Test;
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
}
