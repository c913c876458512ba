package io.github.phpdeploy.runtime.fpm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.ShellUnderTest;
import io.github.phpdeploy.host.local.LocalHost;
import io.github.phpdeploy.it.Fpm;
import io.github.phpdeploy.it.Load;
import io.github.phpdeploy.it.Server;
import io.github.phpdeploy.it.WebHost;
import io.github.phpdeploy.runtime.Finding;
import io.github.phpdeploy.runtime.Intent;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Runtime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Every fault is seen on a server that has it, and not on one that has not. */
class FpmDoctorIT {

    @TempDir
    Path temp;

    private WebHost host(String scriptRoot, String... lines) throws IOException {
        return WebHost.start(Files.createTempDirectory(temp, "host"), "public", scriptRoot, fpm -> {
            fpm.global("process_control_timeout = 10s")
                    .ini("opcache.file_update_protection = 0")
                    .pool("request_terminate_timeout = 5s");
            for (String line : lines) {
                if (line.startsWith("pm.") || line.startsWith("listen.") || line.startsWith("request_")) {
                    fpm.pool(line);
                } else {
                    fpm.ini(line);
                }
            }
        });
    }

    /** Makes a release of 121 files current, and comes to all of them. */
    private static void visit(WebHost web, String id) throws IOException {
        Path release = web.site().resolve("releases/" + id);
        Files.createDirectories(release.resolve("public"));
        StringBuilder includes = new StringBuilder("<?php ");
        for (int i = 0; i < 120; i++) {
            Files.writeString(release.resolve("public/f" + i + ".php"), "<?php return 1;");
            includes.append("include __DIR__ . '/f" + i + ".php';");
        }
        Files.writeString(release.resolve("public/index.php"), includes);
        Files.writeString(release.resolve("public/one.php"), "<?php echo '1 1 1 end';");
        Files.deleteIfExists(web.site().resolve("current"));
        Files.createSymbolicLink(web.site().resolve("current"), Path.of("releases/" + id));
        assertThat(web.nginx().get("/index.php").status()).isEqualTo(200);
    }

    private static List<Finding> diagnose(WebHost web, Host host) {
        return runtime(web, host, Optional.empty()).diagnose(place(web, host));
    }

    private static Place place(WebHost web, Host host) {
        return new Place(host, web.site().toString(), Optional.empty());
    }

    private static FpmRuntime runtime(WebHost web, Host host, Optional<String> socket) {
        FpmSettings settings = FpmSettings.of(web.fpm().pidFile().toString(), Duration.ofSeconds(5));
        FpmSettings.Control control = settings.control();
        boolean sudo = !(host instanceof LocalHost);
        FpmSettings.Asking asking = settings.asking();
        return new FpmRuntime(new FpmSettings(
                new FpmSettings.Control(
                        control.service(), control.pidFile(), control.command(), control.test(), sudo, control.limit()),
                new FpmSettings.Asking(
                        socket, asking.probeDirectory(), asking.entries(), asking.preview(), asking.limit()),
                settings.strategy(),
                settings.longestRequest(),
                false));
    }

    private List<Finding> findings(String scriptRoot, String global, String ini) throws IOException {
        try (WebHost web = WebHost.start(
                        Files.createTempDirectory(temp, "host"),
                        "public",
                        scriptRoot,
                        fpm -> fpm.global(global)
                                .ini("opcache.file_update_protection = 0")
                                .ini(ini)
                                .pool("request_terminate_timeout = 5s"));
                Host host = new LocalHost()) {
            visit(web, "r1");
            return diagnose(web, host);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "$document_root, process_control_timeout = 10s, ;, unresolved paths, false",
        "$document_root, process_control_timeout = 10s, ;, would keep waiting is not known, false",
        "$document_root, process_control_timeout = 0, ;, process_control_timeout is 0, true",
        "$realpath_root, process_control_timeout = 0, ;, process_control_timeout is 0, false",
        "$document_root, process_control_timeout = 2s, ;, they may take 5 s, true",
        "$document_root, process_control_timeout = 10s, opcache.revalidate_path = 1, revalidate_path is 1, true",
        "$document_root, process_control_timeout = 10s, realpath_cache_ttl = 0, that means never, true",
        "$realpath_root, process_control_timeout = 10s, realpath_cache_ttl = 0, that means never, false",
        "$realpath_root, process_control_timeout = 10s, opcache.max_accelerated_files = 200, one release takes 121, true",
        "$realpath_root, process_control_timeout = 10s, opcache.restrict_api = /nowhere, may not be asked, false"
    })
    void isSeenWhereItIs(String scriptRoot, String global, String ini, String what, boolean harmful)
            throws IOException {
        assertThat(findings(scriptRoot, global, ini))
                .anyMatch(finding -> finding.what().contains(what) && finding.harmful() == harmful);
        assertThat(findings("$realpath_root", "process_control_timeout = 10s", ";"))
                .isEmpty();
    }

    @Test
    void preloadedCodeIsSeen() throws IOException {
        Path preload = Files.writeString(temp.resolve("preload.php"), "<?php");
        String user = Server.isRoot() ? "\nopcache.preload_user = www-data" : "";
        assertThat(findings("$realpath_root", "process_control_timeout = 10s", "opcache.preload = " + preload + user))
                .anyMatch(finding -> finding.what().equals("opcache.preload is " + preload) && !finding.harmful());
    }

    /** What lies in a release stays old when another one is current; by way of current it does not. */
    @ParameterizedTest
    @ValueSource(strings = {"releases/r1", "current"})
    void aMasterThatIsBoundToAReleaseIsSeen(String way) throws IOException {
        Path folder = Files.createTempDirectory(temp, "host");
        Path site = folder.resolve("srv/shop");
        Files.createDirectories(site.resolve("releases/r1/public"));
        Files.createSymbolicLink(site.resolve("current"), Path.of("releases/r1"));
        Files.writeString(site.resolve("releases/r1/code.php"), "<?php");
        Files.writeString(site.resolve("releases/r1/pool.conf"), "[www]\nenv[A] = b\n");
        Path led = site.resolve(way);
        try (WebHost web = WebHost.start(
                        folder,
                        "public",
                        "$realpath_root",
                        fpm -> fpm.global("process_control_timeout = 10s")
                                .global("include = " + led.resolve("pool.conf"))
                                .pool("request_terminate_timeout = 5s")
                                .pool("chdir = " + led.resolve("public"))
                                .pool("php_admin_value[auto_prepend_file] = " + led.resolve("code.php"))
                                .ini("include_path = .:" + led.resolve("lib"))
                                .ini("opcache.file_update_protection = 0")
                                .ini("opcache.preload = " + led.resolve("code.php"))
                                .ini(Server.isRoot() ? "opcache.preload_user = www-data" : ";"));
                Host host = new LocalHost()) {
            visit(web, "r1");
            List<Finding> bound = diagnose(web, host).stream()
                    .filter(finding -> finding.what().contains("is bound to release r1 by "))
                    .toList();
            assertThat(bound).hasSize(way.equals("current") ? 0 : 1);
            for (Finding finding : bound) {
                assertThat(finding.harmful()).isTrue();
                assertThat(finding.fix()).contains(site + "/current");
                assertThat(finding.what())
                        .contains(
                                "a file of its configuration (" + led + "/pool.conf)",
                                "chdir (",
                                "auto_prepend_file",
                                "include_path (",
                                "opcache.preload (");
            }
            assertThat(runtime(web, host, Optional.empty())
                            .inspect(place(web, host), Intent.SWITCH)
                            .warnings())
                    .filteredOn(warning -> warning.contains("is bound to release r1"))
                    .hasSize(bound.size());
        }
    }

    /** The working directory; and which of two masters is meant. */
    @Test
    void aMasterThatWasStartedInAReleaseIsSeen() throws IOException {
        try (WebHost web = host("$realpath_root", "opcache.enable = 1");
                Host host = new LocalHost()) {
            visit(web, "r1");
            assertThat(diagnose(web, host)).isEmpty();
            try (Fpm other = Fpm.in(temp.resolve("other"))
                    .global("process_control_timeout = 10s")
                    .pool("request_terminate_timeout = 5s")
                    .directory(web.site().resolve("releases/r1"))
                    .start()) {
                FpmSettings settings = FpmSettings.of(other.pidFile().toString(), Duration.ofSeconds(5));
                assertThat(new FpmRuntime(settings).diagnose(place(web, host)))
                        .anyMatch(finding -> !finding.harmful()
                                && finding.what().contains("was started in the directory of release r1"));
                FpmSettings.Control one = settings.control();
                FpmSettings unnamed = new FpmSettings(
                        new FpmSettings.Control(
                                one.service(), Optional.empty(), one.command(), one.test(), one.sudo(), one.limit()),
                        settings.asking(),
                        settings.strategy(),
                        settings.longestRequest(),
                        false);
                assertThat(new FpmRuntime(unnamed).diagnose(place(web, host)))
                        .singleElement()
                        .matches(finding -> finding.harmful()
                                && finding.what().contains("several php-fpm masters run on local: ")
                                && finding.fix().contains("php.fpm.pidFile"));
                assertThat(diagnose(web, host)).isEmpty();
            }
        }
    }

    /** Two releases fit, and a third does not. */
    @Test
    void anOpcacheThatIsNearlyFullIsSeen() throws IOException {
        try (WebHost web = host(
                        "$realpath_root",
                        "opcache.max_accelerated_files = 400",
                        "opcache.interned_strings_buffer = 4");
                Host host = new LocalHost()) {
            visit(web, "r1");
            assertThat(diagnose(web, host)).isEmpty();
            for (String release : List.of("r2", "r3")) {
                visit(web, release);
            }
            assertThat(diagnose(web, host))
                    .singleElement()
                    .matches(finding -> finding.what().contains("OPcache has room for")
                            && finding.what().contains("a release takes 121")
                            && finding.fix().contains("max_accelerated_files"));
        }
    }

    /** By those who come just now, or have come since FPM was started. */
    @Test
    void aBacklogThatIsTooShortIsSeen() throws IOException {
        for (int backlog : List.of(8, 4096)) {
            try (WebHost web = host(
                            "$document_root",
                            "opcache.enable = 1",
                            "memory_limit = 128M",
                            "pm.status_path = /fpm-status",
                            "listen.backlog = " + backlog);
                    Host host = new LocalHost()) {
                visit(web, "r1");
                Load load = new Load(web.nginx().port(), 20, Map.of("/one.php", 2));
                Server.await("visitors", () -> load.count() > 200);
                List<Finding> findings = diagnose(web, host);
                load.close();
                assertThat(findings).anyMatch(finding -> finding.what().contains("unresolved paths"));
                assertThat(findings)
                        .filteredOn(finding -> finding.what().contains("would turn requests away"))
                        .hasSize(backlog == 8 ? 1 : 0)
                        .allMatch(finding -> finding.harmful()
                                && finding.what().contains("8 have room")
                                && finding.fix().contains("listen.backlog"));
            }
        }
    }

    @Test
    void thatNobodySaidHowLongRequestsTakeIsSeen() throws IOException {
        try (WebHost web = host("$document_root", "request_terminate_timeout = 0");
                Host host = new LocalHost()) {
            visit(web, "r1");
            assertThat(diagnose(web, host))
                    .anyMatch(finding -> !finding.harmful()
                            && finding.what().contains("longer than process_control_timeout, 10 s, would be cut off")
                            && finding.fix().contains("php.fpm.longestRequest"));
        }
    }

    @Test
    void aStalePidFileIsSeen() throws IOException {
        try (WebHost web = host("$realpath_root", "opcache.enable = 1");
                Host host = new LocalHost()) {
            visit(web, "r1");
            Path file = web.fpm().pidFile();
            String right = Files.readString(file);
            // the process ids of others, and of nobody: this test, and one more than there can be
            for (String wrong : List.of(Long.toString(ProcessHandle.current().pid()), "99999999")) {
                Files.writeString(file, wrong);
                assertThat(diagnose(web, host))
                        .singleElement()
                        .matches(finding -> finding.harmful()
                                && finding.what()
                                        .contains("the pid file " + file + " on local is stale: it names process "
                                                + wrong));
            }
            Files.writeString(file, right);
            assertThat(diagnose(web, host)).isEmpty();
        }
    }

    @Test
    void aPoolThatCannotBeReachedIsSeen() throws IOException {
        try (WebHost web = host("$realpath_root", "opcache.enable = 1");
                Host host = new LocalHost()) {
            visit(web, "r1");
            assertThat(runtime(web, host, Optional.of("/nowhere/fpm.sock")).diagnose(place(web, host)))
                    .singleElement()
                    .matches(finding -> finding.harmful()
                            && finding.what().contains("/nowhere/fpm.sock on local cannot be asked")
                            && finding.fix().contains("php.fpm.socket"));
            assertThat(runtime(web, host, Optional.of(web.fpm().socket().toString()))
                            .diagnose(place(web, host)))
                    .isEmpty();
        }
    }

    @Test
    void aConfigurationThatIsBrokenIsSeen() throws IOException {
        try (WebHost web = host("$realpath_root", "opcache.enable = 1");
                Host host = new LocalHost()) {
            visit(web, "r1");
            String right = Files.readString(web.fpm().config());
            Files.writeString(web.fpm().config(), right + "\nnonsense\n");
            assertThat(diagnose(web, host))
                    .singleElement()
                    .matches(finding -> finding.harmful()
                            && finding.what().contains("does not pass its test; a reload would end the service"));
            Files.writeString(web.fpm().config(), right);
            assertThat(diagnose(web, host)).isEmpty();
        }
    }

    /** Sudo itself refuses, by its real rules: the line that is missing can be copied. */
    @Test
    @EnabledIf("isRoot")
    void sudoThatRefusesTheTestIsSeen() throws IOException {
        try (WebHost web = host("$realpath_root", "opcache.enable = 1");
                LocalHost root = new LocalHost()) {
            visit(web, "r1");
            Server.run("chown", "-R", "nobody", web.site().toString());
            Server.run("chmod", "600", web.fpm().config().toString());
            String signal = "nobody ALL=(root) NOPASSWD: /usr/bin/kill -USR2 [0-9]*";
            List<Finding> findings = diagnose(web, ShellUnderTest.nobody(temp, signal));
            assertThat(findings)
                    .singleElement()
                    .matches(finding -> finding.harmful()
                            && finding.what().contains("sudo -n refuses to run \"" + Fpm.program() + " -tt"));
            String line = findings.get(0).fix().replaceFirst(".*\"(nobody[^\"]*)\".*", "$1");
            assertThat(line).startsWith("nobody ALL=(root) NOPASSWD: " + Fpm.program() + " -tt -y ");
            Host half = ShellUnderTest.nobody(temp, line);
            assertThat(diagnose(web, half))
                    .singleElement()
                    .matches(finding -> finding.fix().contains('"' + signal + '"'));
            Runtime.Service service = runtime(web, half, Optional.empty()).inspect(place(web, half), Intent.RELOAD);
            assertThatThrownBy(service::reload)
                    .isInstanceOf(PhpDeployException.class)
                    .hasMessageContaining("sudo -n refuses to run \"/usr/bin/kill -USR2 [0-9]*\" on unshare")
                    .hasMessageContaining("add the line \"" + signal + "\"");
            assertThat(diagnose(web, ShellUnderTest.nobody(temp, signal + "\n" + line)))
                    .isEmpty();
            assertThat(root.name()).isEqualTo("local");
        }
    }

    static boolean isRoot() {
        return Server.isRoot();
    }
}
