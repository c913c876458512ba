package io.github.phpdeploy.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.github.phpdeploy.it.Load;
import io.github.phpdeploy.it.Server;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.replace.HttpServer;
import io.github.phpdeploy.runtime.replace.ReplaceRuntime;
import io.github.phpdeploy.runtime.replace.ReplaceSettings;
import io.github.phpdeploy.runtime.replace.Sight;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A resident server is replaced under load: no request fails, and none is served by an old release once the goal has returned. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class ReplaceServerIT {

    private static final int LONG = Integer.getInteger("load.switches", 0);

    private static final String START = "php \"${releasePath}/prefork-server.php\" \"${port}\" 6 &";

    @TempDir
    Path temp;

    private ReplaceBed bed;
    private List<String> ports;

    @BeforeEach
    void start() throws IOException {
        ports = List.of(Integer.toString(Server.freePort()), Integer.toString(Server.freePort()));
        bed = new ReplaceBed(
                temp, ReplaceBed.settings(ports, temp.resolve("nginx"), Optional.of(START), "TERM"), this::runtime);
        bed.nginx("nginx-server.conf");
        bed.write("prefork-server.php", Files.readString(Path.of("src/test/resources/prefork-server.php")));
        bed.write(
                "entry.php",
                "<?php $_SERVER['DOCUMENT_ROOT'] = __DIR__ . '/public';"
                        + " return function ($uri) { ob_start(); require __DIR__ . '/public' . strtok($uri, '?');"
                        + " return ob_get_clean(); };");
    }

    @AfterEach
    void stop() {
        bed.close();
    }

    private Runtime runtime(ReplaceSettings settings) {
        Sight sight = new Sight("http://127.0.0.1:${port}/index.php", Optional.empty(), Sight.HEADER, Optional.empty());
        return new ReplaceRuntime(
                ReplaceRuntime.NAME,
                settings,
                new HttpServer(sight, settings.limits().prove()));
    }

    @Test
    void nothingIsLost() throws IOException {
        bed.succeeds();
        bed.enable();
        Load load = new Load(bed.nginx().port(), 4, Map.of("/index.php", 6, "/slow.php", 2));
        int count = Math.max(10, LONG);
        for (int i = 0; i < count; i++) {
            bed.succeeds();
            assertThat(bed.masters()).as(() -> bed.said + "\n" + bed.state()).hasSize(1);
        }
        for (int i = 1; i <= 3; i++) {
            bed.rollback("v" + (bed.version() - i));
        }
        Load.Tally tally = load.end(bed.marks);
        System.out.println("[load] replace, resident server, " + count + " deploys, 3 rollbacks: " + tally);
        assertThat(tally.failed()).as(tally::toString).isEmpty();
        assertThat(tally.torn()).as(tally::toString).isEmpty();
        assertThat(tally.stale()).as(tally::toString).isEmpty();
        assertThat(tally.visits()).hasSizeGreaterThan(300);
    }
}
