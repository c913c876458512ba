package io.github.phpdeploy.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.github.phpdeploy.it.Fpm;
import io.github.phpdeploy.it.Load;
import io.github.phpdeploy.it.Server;
import io.github.phpdeploy.probe.HealthCheck;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.fpm.FpmPair;
import io.github.phpdeploy.runtime.fpm.FpmRuntime;
import io.github.phpdeploy.runtime.fpm.FpmSettings;
import io.github.phpdeploy.runtime.replace.ReplaceSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** PHP-FPM by a new master for each release, with the nginx, FPM and systemd files that the documentation shows. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
@Tag("load")
class ReplaceFpmIT {

    private static final int LONG = Integer.getInteger("load.switches", 0);

    @TempDir
    Path temp;

    private ReplaceBed bed;
    private boolean allowDrops;

    @BeforeEach
    void start() throws IOException {
        bed = new ReplaceBed(
                temp,
                ReplaceBed.settings(
                        List.of(temp + "/blue.sock", temp + "/green.sock"),
                        temp.resolve("nginx"),
                        Optional.empty(),
                        "QUIT"),
                this::runtime);
        bed.nginx("nginx-fpm.conf");
        template(Files.readString(ReplaceBed.DOCUMENTED.resolve("shop-fpm.conf")));
    }

    @AfterEach
    void stop() {
        bed.close();
    }

    private void template(String documented) throws IOException {
        String adapted = documented
                .replace("/var/log", temp.toString())
                .replace("listen.acl_users = www-data,deploy", "listen.mode = 0666");
        List<String> lines = new ArrayList<>(adapted.lines().toList());
        if (!Server.isRoot()) {
            lines.removeIf(line -> line.matches("(user|group|listen\\.owner) =.*"));
        }
        Files.write(temp.resolve("shop-fpm.conf"), lines);
    }

    private Runtime runtime(ReplaceSettings settings) {
        FpmSettings standard = FpmSettings.of("", settings.limits().prove());
        FpmSettings.Control control = new FpmSettings.Control(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false, Duration.ofSeconds(5));
        return FpmRuntime.replacing(
                new FpmSettings(control, standard.asking(), FpmSettings.Strategy.REPLACE, Optional.empty(), allowDrops),
                new FpmPair(
                        Optional.of(Fpm.program()),
                        Optional.empty(),
                        Optional.of(temp.resolve("shop-fpm.conf").toString()),
                        settings));
    }

    /** As systemd would: the documented unit's command, with what the deploy left for its environment. */
    private void startedBySystemd() throws IOException {
        Path unit = temp.resolve("unit.sh");
        Files.writeString(
                unit,
                "set -a\n. " + bed.site + "/.php-deploy/replace/$1.env\n"
                        + Files.readAllLines(ReplaceBed.DOCUMENTED.resolve("shop-fpm@.service")).stream()
                                .filter(line -> line.startsWith("ExecStart="))
                                .findFirst()
                                .orElseThrow()
                                .substring("ExecStart=".length())
                                .replace("/usr/sbin/php-fpm8.2", Fpm.program())
                                .replace("/srv/shop", bed.site.toString())
                                .replace("%i", "\"$1\"")
                        + (Server.isRoot() ? "" : " -d opcache.preload_user=" + System.getProperty("user.name"))
                        + " &\n");
        bed.startedBy("sh " + unit + " \"${color}\"");
    }

    @Test
    void nothingIsLost() throws IOException {
        bed.overSsh();
        bed.succeeds();
        bed.enable();
        bed.health = Optional.of(HealthCheck.of(
                bed.nginx().url() + "/index.php", 200, "", Duration.ofSeconds(5), Duration.ofMillis(100)));
        Load quiet = new Load(bed.nginx().port(), 4, Map.of("/index.php", 6, "/slow.php", 2));
        pause(3_000);
        System.out.println("[load] replace, php-fpm, calm: " + quiet.end(bed.marks));
        Load load = new Load(bed.nginx().port(), 4, Map.of("/index.php", 6, "/slow.php", 2));
        int count = Math.max(5, LONG);
        for (int i = 0; i < count; i++) {
            DeployResult.Success result = bed.succeeds();
            assertThat(bed.masters()).as(() -> bed.said + "\n" + bed.state()).hasSize(1);
            assertThat(result.hosts().get(0).runtime())
                    .containsKeys("way", "newMaster", "proof", "drainMillis", "oldMaster");
        }
        for (int i = 1; i <= 3; i++) {
            bed.rollback("v" + (bed.version() - i));
        }
        Load.Tally tally = load.end(bed.marks);
        System.out.println("[load] replace, php-fpm, " + count + " deploys, 3 rollbacks: " + tally);
        assertThat(bed.said).anyMatch(line -> line.contains("5 through the web server"));
        assertThat(tally.failed()).as(tally::toString).isEmpty();
        assertThat(tally.torn()).as(tally::toString).isEmpty();
        assertThat(tally.stale()).as(tally::toString).isEmpty();
        assertThat(tally.visits()).hasSizeGreaterThan(300);
    }

    /** What only a new master brings. */
    @Test
    void preloadedCodeIsTheReleases() throws IOException {
        startedBySystemd();
        for (String version : List.of("one", "two", "three")) {
            preloading(version);
            bed.succeedsWith();
            if (version.equals("one")) {
                bed.enable();
            }
            assertThat(bed.served()).isEqualTo(version + " " + version);
        }
        assertThat(bed.masters()).hasSize(1);
    }

    private void preloading(String version) {
        bed.write("preload.php", "<?php function version() { return '" + version + "'; }");
        bed.write("public/index.php", "<?php echo version(), ' " + version + "';");
    }

    /** By way of current, which is switched later, the new master would have the old code. */
    @Test
    void aPreloadByWayOfCurrentIsRefused() throws IOException {
        preloading("one");
        startedBySystemd();
        bed.succeedsWith();
        bed.enable();
        bed.startedBy("\"${program}\" --daemonize --fpm-config \"${config}\" -d opcache.preload=" + bed.site
                + "/current/preload.php -d opcache.preload_user=www-data");
        preloading("two");
        String first = bed.current();
        assertThat(bed.failsWith())
                .contains("has preloaded " + bed.site + "/current/preload.php, which is not of release")
                .contains("nothing was switched: " + first + " is still current")
                .contains("${releasePath}/preload.php");
        assertThat(bed.served()).isEqualTo("one one");
        assertThat(bed.masters()).hasSize(1);
    }

    /** The socket alone would lead requests of the new release to the old preload, for a moment. */
    @Test
    void aPreloadNeedsTheRootBesideTheSocket() throws IOException {
        preloading("one");
        startedBySystemd();
        bed.upstream(
                Optional.of("set $php_backend unix:${socket}; set $php_release " + bed.site + "/current;"),
                Optional.empty());
        assertThat(bed.failsWith())
                .contains("executed by a mixture of two releases")
                .contains("php.replace.upstreamContent")
                .contains("nothing was activated");
        allowDrops = true;
        bed.succeedsWith();
        assertThat(bed.masters()).hasSize(1);
    }

    @Test
    void aBrokenConfigurationIsNeverStarted() throws IOException {
        bed.succeeds();
        bed.enable();
        String state = bed.state().toString();
        template(Files.readString(temp.resolve("shop-fpm.conf")) + "\nnonsense\n");
        assertThat(bed.fails()).contains("does not pass its test").contains("nothing was switched");
        template(Files.readString(temp.resolve("shop-fpm.conf"))
                .replace("nonsense", "")
                .replace("${socket}", temp + "/other.sock"));
        assertThat(bed.fails()).contains("has \"listen = " + temp + "/green.sock\"");
        assertThat(bed.served()).isEqualTo("v1 v1 v1 end");
        assertThat(bed.state().toString()).isEqualTo(state);
        assertThat(bed.masters()).hasSize(1);
    }

    @Test
    void whatDoesNotCompileNeverServes() throws IOException {
        bed.succeeds();
        bed.enable();
        bed.next();
        bed.write("public/index.php", "<?php echo 'two'; }");
        assertThat(bed.failsWith())
                .contains("does not compile in the pool shop")
                .contains("nothing was switched");
        assertThat(bed.served()).isEqualTo("v1 v1 v1 end");
        assertThat(bed.masters()).hasSize(1);
        bed.succeeds();
        assertThat(bed.served()).isEqualTo("v3 v3 v3 end");
    }

    private static void pause(int millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
