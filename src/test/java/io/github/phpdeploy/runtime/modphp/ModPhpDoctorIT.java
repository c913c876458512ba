package io.github.phpdeploy.runtime.modphp;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.ShellUnderTest;
import io.github.phpdeploy.host.local.LocalHost;
import io.github.phpdeploy.it.ModPhp;
import io.github.phpdeploy.it.Server;
import io.github.phpdeploy.runtime.Finding;
import io.github.phpdeploy.runtime.Intent;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.resident.ResidentSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Every fault is seen on a real Apache that has it, and not when it is repaired. */
@Timeout(60)
class ModPhpDoctorIT {

    private static final String PAGE = "<?php header('X-Release: ' . basename(__DIR__) . '; revalidate_path='"
            + " . ini_get('opcache.revalidate_path') . '; realpath_cache_ttl=' . ini_get('realpath_cache_ttl'));";

    @TempDir
    Path temp;

    private Path site;
    private ModPhp apache;

    @BeforeEach
    void site() throws IOException {
        site = Files.createDirectories(temp.resolve("srv/shop"));
        for (String id : List.of("r1", "r2")) {
            Files.createDirectories(site.resolve("releases").resolve(id));
            Files.writeString(site.resolve("releases").resolve(id).resolve("index.php"), PAGE);
        }
        current("r1");
        Server.run("chmod", "-R", "a+rX", temp.toString());
    }

    @AfterEach
    void stop() {
        if (apache != null) {
            apache.close();
        }
    }

    private void current(String id) throws IOException {
        Files.deleteIfExists(site.resolve("current"));
        Files.createSymbolicLink(site.resolve("current"), Path.of("releases", id));
    }

    private void start(UnaryOperator<ModPhp.Builder> how) {
        start(how, site.resolve("current"));
    }

    private void start(UnaryOperator<ModPhp.Builder> how, Path root) {
        stop();
        apache = how.apply(ModPhp.in(temp.resolve("apache")).children(3)).start(root);
    }

    private ModPhpSettings.Control control() {
        return new ModPhpSettings.Control(
                Optional.empty(),
                Optional.of(apache.pidFile().toString()),
                Optional.empty(),
                Optional.empty(),
                false,
                Duration.ofSeconds(20));
    }

    private Runtime runtime(ModPhpSettings.Control control, Optional<Duration> longest, boolean allowDrops) {
        return new io.github.phpdeploy.runtime.modphp.ModPhp(new ModPhpSettings(
                control,
                new ResidentSettings.Showing(
                        URI.create("http://127.0.0.1:" + apache.port() + "/index.php"),
                        "X-Release",
                        Optional.empty(),
                        Duration.ofSeconds(2)),
                longest,
                allowDrops));
    }

    private Place place(Host host) {
        return new Place(host, site.toString(), Optional.empty());
    }

    private List<Finding> findings(ModPhpSettings.Control control, Host host) {
        return runtime(control, Optional.of(Duration.ofSeconds(5)), false).diagnose(place(host));
    }

    private List<Finding> findings() {
        return findings(control(), new LocalHost());
    }

    private static void assertSeen(List<Finding> findings, String what, boolean harmful) {
        assertThat(findings)
                .singleElement()
                .matches(finding -> finding.what().contains(what) && finding.harmful() == harmful);
    }

    /** Lines of Apache's configuration, or of php.ini. */
    @ParameterizedTest
    @CsvSource({
        "KeepAliveTimeout 30, KeepAliveTimeout 2, KeepAliveTimeout of Apache on local is 30 s, false",
        "ListenCoresBucketsRatio 1, DirectoryIndex index.php, ListenCoresBucketsRatio of Apache on local is set, true",
        "ini opcache.revalidate_path = 1, ini opcache.revalidate_path = 0, revalidate_path is 1, true",
        "ini realpath_cache_ttl = 0, ini realpath_cache_ttl = 120, that means never, false",
        "Header, DirectoryIndex index.php, does not say which release answers (status 200), false"
    })
    void isSeenWhereItIs(String wrong, String right, String what, boolean harmful) throws IOException {
        if (wrong.equals("Header")) {
            Files.writeString(site.resolve("releases/r1/index.php"), "<?php echo 1;");
        }
        start(server -> line(server, wrong));
        assertSeen(findings(), what, harmful);
        Files.writeString(site.resolve("releases/r1/index.php"), PAGE);
        start(server -> line(server, right));
        assertThat(findings()).isEmpty();
    }

    private static ModPhp.Builder line(ModPhp.Builder server, String line) {
        if (line.equals("Header")) {
            return server;
        }
        return line.startsWith("ini ") ? server.ini(line.substring(4)) : server.with(line);
    }

    /** In files that it includes too, but not in comments. */
    @Test
    void aConfigurationThatNamesAReleaseIsSeen() throws IOException {
        Path more = Files.writeString(
                temp.resolve("more.conf"),
                "# " + site + "/releases/r2\nAlias /old " + site.resolve("releases/r1") + "/\n");
        start(server -> server.with("LoadModule alias_module /usr/lib/apache2/modules/mod_alias.so\nInclude " + more));
        assertSeen(findings(), "names release r1 (" + more + ":2)", true);
        Files.writeString(more, "Alias /old " + site.resolve("current") + "/\n");
        assertThat(findings()).isEmpty();
    }

    /** What a deploy must not believe: DocumentRoot is the old release's own path. */
    @Test
    void oldCodeIsNeverTakenForNew() throws IOException {
        start(server -> server, site.resolve("releases/r1"));
        Runtime.Service service =
                runtime(control(), Optional.empty(), false).inspect(place(new LocalHost()), Intent.SWITCH);
        assertThat(service.warnings()).anyMatch(line -> line.contains("names release r1"));
        current("r2");
        assertThat(service.await(service.reload())).contains("3 old children of Apache gone");
        assertThatThrownBy(() -> service.prove("r2"))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("executes code of release r1")
                .hasMessageContaining("DocumentRoot");
        assertThat(findings()).anyMatch(finding -> finding.what().contains("and current leads to r2"));
    }

    /** OPcache never looks again where current leads, and a graceful reload begins anew. */
    @Test
    void aSwitchWithoutReloadIsSeen() throws IOException {
        start(server -> server.ini("opcache.file_update_protection = 0"));
        assertThat(findings()).isEmpty();
        current("r2");
        assertSeen(findings(), "executes release r1, and current leads to r2", true);
        Runtime.Service service =
                runtime(control(), Optional.empty(), false).inspect(place(new LocalHost()), Intent.RELOAD);
        assertThat(service.inUse()).containsOnlyKeys("r1");
        service.await(service.reload());
        assertThat(service.prove("r2")).contains("10 new connections show r2");
        assertThat(service.inUse()).containsOnlyKeys("r2");
        assertThat(findings()).isEmpty();
    }

    @Test
    void aMasterThatWasStartedFromAReleaseIsSeen() throws IOException {
        Path own = Files.createDirectories(site.resolve("releases/r1/apache"));
        apache = ModPhp.in(own).children(3).start(site.resolve("current"));
        assertThat(findings())
                .anyMatch(finding -> finding.harmful() && finding.what().contains("was started from release r1"));
        start(server -> server);
        assertThat(findings()).isEmpty();
    }

    @Test
    void aBrokenConfigurationIsSeenAndNeverReloaded() throws IOException {
        start(server -> server);
        String right = Files.readString(apache.config());
        Files.writeString(apache.config(), right + "Nonsense\n");
        assertSeen(findings(), "does not pass its test; a reload would end the service: ", true);
        assertThat(findings().get(0).what()).contains("Nonsense");
        assertThat(findings().get(0).fix()).contains("-f " + apache.config() + " -t");
        Files.writeString(apache.config(), right);
        assertThat(findings()).isEmpty();
        Runtime.Service service =
                runtime(control(), Optional.empty(), false).inspect(place(new LocalHost()), Intent.SWITCH);
        Files.writeString(apache.config(), right + "Nonsense\n");
        assertThatThrownBy(service::reload).hasMessageContaining("does not pass its test");
        assertThat(apache.handle().isAlive()).isTrue();
    }

    @Test
    void aStalePidFileIsSeen() throws IOException {
        start(server -> server);
        Path stale = temp.resolve("stale.pid");
        ModPhpSettings.Control wrong = new ModPhpSettings.Control(
                Optional.empty(),
                Optional.of(stale.toString()),
                Optional.empty(),
                Optional.empty(),
                false,
                Duration.ofSeconds(20));
        for (String pid : List.of(Long.toString(ProcessHandle.current().pid()), "99999999")) {
            Files.writeString(stale, pid);
            assertSeen(
                    findings(wrong, new LocalHost()),
                    "the pid file " + stale + " on local is stale: it names process " + pid,
                    true);
        }
        Files.delete(stale);
        assertSeen(findings(wrong, new LocalHost()), "no Apache was found on local by its pid file", true);
        assertThat(findings()).isEmpty();
    }

    @Test
    void whatWouldLoseRequestsOrNeverEndIsRefused() {
        start(server -> server.with("ListenCoresBucketsRatio 1"));
        Place place = place(new LocalHost());
        assertThatThrownBy(() -> runtime(control(), Optional.empty(), false).inspect(place, Intent.SWITCH))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("ListenCoresBucketsRatio")
                .hasMessageContaining("php.allowDrops");
        assertThat(runtime(control(), Optional.empty(), true)
                        .inspect(place, Intent.SWITCH)
                        .warnings())
                .anyMatch(line -> line.contains("ListenCoresBucketsRatio"));
        Optional<Duration> longest = Optional.of(Duration.ofSeconds(20));
        assertThatThrownBy(() -> runtime(control(), longest, true).inspect(place, Intent.SWITCH))
                .hasMessageContaining("set php.reloadTimeout to more than 20");
    }

    /** The Apache of a site whose PHP runs in php-fpm. */
    @Test
    void anApacheWithoutPhpIsSeen() throws IOException {
        start(server -> server);
        String right = Files.readString(apache.config());
        Files.writeString(
                apache.config(),
                right.replaceAll("(?m)^(LoadModule php|PHPIniDir).*$", "")
                        .replace("SetHandler application/x-httpd-php", "SetHandler none"));
        assertSeen(findings(), "has no mod_php in its configuration", true);
        Files.writeString(apache.config(), right);
        assertThat(findings()).isEmpty();
    }

    /** Sudo itself refuses, by its real rules: the line that is missing can be copied. */
    @Test
    @EnabledIf("isRoot")
    void sudoThatRefusesIsSeen() throws IOException {
        start(server -> server);
        ModPhpSettings.Control control = new ModPhpSettings.Control(
                Optional.empty(),
                Optional.of(apache.pidFile().toString()),
                Optional.empty(),
                Optional.empty(),
                true,
                Duration.ofSeconds(20));
        String signal = "nobody ALL=(root) NOPASSWD: /usr/bin/kill -USR1 [0-9]*";
        String test = "nobody ALL=(root) NOPASSWD: /usr/sbin/apache2 -d *";
        assertThat(findings(control, ShellUnderTest.nobody(temp, test)))
                .singleElement()
                .matches(finding -> finding.harmful() && finding.fix().contains('"' + signal + '"'));
        assertThat(findings(control, ShellUnderTest.nobody(temp, signal)))
                .singleElement()
                .matches(finding -> finding.harmful()
                        && finding.what().contains("sudo -n refuses to run \"/usr/sbin/apache2 -d")
                        && finding.fix().contains("-f " + apache.config() + " -t\""));
        assertThat(findings(control, ShellUnderTest.nobody(temp, signal + "\n" + test)))
                .isEmpty();
    }

    static boolean isRoot() {
        return Server.isRoot();
    }
}
