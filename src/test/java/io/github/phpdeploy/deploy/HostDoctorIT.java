package io.github.phpdeploy.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.HostAddress;
import io.github.phpdeploy.host.ShellUnderTest;
import io.github.phpdeploy.it.Server;
import io.github.phpdeploy.it.WebHost;
import io.github.phpdeploy.release.ShellSite;
import io.github.phpdeploy.runtime.Finding;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Sudo;
import io.github.phpdeploy.runtime.command.CommandRuntime;
import io.github.phpdeploy.runtime.fpm.FpmRuntime;
import io.github.phpdeploy.runtime.fpm.FpmSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Every fault of a host is seen where it is, and not where it has been repaired. */
class HostDoctorIT {

    @TempDir
    Path temp;

    private Path root;

    @BeforeEach
    void site() throws IOException {
        root = temp.resolve("srv");
        Files.createDirectories(root.resolve("releases/r1/public"));
        Files.createDirectories(root.resolve("shared"));
        byte[] content = new byte[300_000];
        // zeros take no room
        new Random(1).nextBytes(content);
        Files.write(root.resolve("releases/r1/public/index.php"), content);
        Files.createSymbolicLink(root.resolve("current"), Path.of("releases/r1"));
        Server.run("chmod", "755", temp.toString());
    }

    static boolean isRoot() {
        return Server.isRoot();
    }

    private List<Finding> findings(Host host) {
        return HostDoctor.findings(new ShellSite(host, root.toString()), Optional.empty(), List.of());
    }

    private static Finding only(List<Finding> findings, String what) {
        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).what()).contains(what);
        assertThat(findings.get(0).cost()).isNotBlank();
        return findings.get(0);
    }

    /** Real tools first in the path, each under the name that it is to have. */
    private Host tools(String name, String program) throws IOException {
        Path directory = Files.createDirectories(temp.resolve("only-" + name));
        Files.createSymbolicLink(
                directory.resolve(name), Path.of(Server.run("which", program).strip()));
        return ShellUnderTest.with(Map.of("PATH", directory + ":" + System.getenv("PATH")));
    }

    @Test
    void aSoundHostHasNone() {
        assertThat(findings(ShellUnderTest.dash())).isEmpty();
        assertThat(findings(ShellUnderTest.busybox("zstd"))).isEmpty();
    }

    @Test
    void noZstd() {
        assertThat(only(findings(ShellUnderTest.busybox()), "no zstd"))
                .matches(finding -> finding.cost().contains("8 MiB") && !finding.harmful());
    }

    /** Toybox 0.8.9 knows the option, but refuses what it is there for: replacing a link to a directory. */
    @Test
    void anMvThatCannotReplaceALink() throws IOException {
        assertThat(only(findings(tools("mv", "toybox")), "mv knows no -T"))
                .matches(finding -> finding.fix().contains("coreutils") && !finding.harmful());
        assertThat(findings(tools("cp", "cp"))).isEmpty();
    }

    @Test
    void aClockThatGoesWrong() {
        for (String skew : List.of("+3600s", "-3600s", "+0s")) {
            Host host = ShellUnderTest.with(
                    Map.of("LD_PRELOAD", FAKETIME.toString(), "FAKETIME", skew, "PATH", System.getenv("PATH")));
            if (skew.equals("+0s")) {
                assertThat(findings(host)).isEmpty();
            } else {
                String words = skew.startsWith("+") ? "ahead of" : "behind";
                assertThat(only(findings(host), " s " + words + " this machine's")
                                .what())
                        .containsPattern("3[56][0-9][0-9] s");
            }
        }
    }

    private static final Path FAKETIME = faketime();

    private static Path faketime() {
        String found = Server.run("find", "/usr/lib", "-name", "libfaketime.so.1");
        return Path.of(found.lines().findFirst().orElse("/no/libfaketime.so.1"));
    }

    @Test
    @EnabledIf("isRoot")
    void aPathThatMayNotBeWritten() {
        Host nobody = ShellUnderTest.by(
                List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "sh", "-c"));
        assertThat(findings(nobody))
                .hasSize(3)
                .allMatch(finding -> finding.harmful()
                        && finding.what().contains("cannot be written by nobody, who deploys")
                        && finding.fix().startsWith("sudo chown -R nobody " + root));
        for (String fix : findings(nobody).stream().map(Finding::fix).toList()) {
            Server.run("sh", "-c", fix.replace("sudo ", ""));
        }
        assertThat(findings(nobody)).isEmpty();
        root = temp.resolve("not/yet/there");
        Finding missing = only(findings(nobody), temp + " cannot be written by nobody");
        assertThat(missing.fix()).isEqualTo("sudo install -d -o nobody " + root);
        Server.run("sh", "-c", missing.fix().replace("sudo ", ""));
        assertThat(findings(nobody)).isEmpty();
    }

    /** A file system of its own, small or not, that has what the deploy path has. */
    private Host mounted(String size) {
        return ShellUnderTest.by(List.of(
                "unshare",
                "-m",
                "sh",
                "-c",
                "cp -a \"$0\" \"$0.copy\" && mount -t tmpfs -o " + size
                        + " none \"$0\" && cp -a \"$0.copy/.\" \"$0\" && rm -rf \"$0.copy\" && exec sh -c \"$1\"",
                root.toString()));
    }

    @Test
    @EnabledIf("isRoot")
    void aDiskWithoutRoomForARelease() {
        assertThat(only(findings(mounted("size=400k")), " KiB are free where releases lie")
                        .what())
                .matches(".*[0-9]+ KiB are free.* takes (29|30)[0-9]");
        assertThat(only(findings(mounted("size=10m,nr_inodes=9")), " inodes are free where releases lie")
                        .what())
                .endsWith("the current one takes 3");
        assertThat(findings(mounted("size=10m"))).isEmpty();
    }

    /** An account that sudo knows by rules of the test's own, which nobody else on this machine sees. */
    private Host sudoer(String rules) throws IOException {
        Path sudoers = Files.writeString(Files.createTempFile(temp, "sudoers", ""), rules);
        Server.run("chown", "root", sudoers.toString());
        Server.run("chmod", "440", sudoers.toString());
        return ShellUnderTest.by(List.of(
                "unshare",
                "-m",
                "sh",
                "-c",
                "mount --bind \"$0\" /etc/sudoers"
                        + " && exec setpriv --reuid=nobody --regid=nogroup --clear-groups sh -c \"$1\"",
                sudoers.toString()));
    }

    @Test
    @EnabledIf("isRoot")
    void sudoThatRefuses() throws IOException {
        List<String> reload = List.of("systemctl", "reload", "php8.2-fpm");
        List<String> signal = List.of("kill", "-USR2", "2");
        List<String> rule = List.of("kill", "-USR2", "[0-9]*");
        String others = "root ALL=(ALL) ALL\nnobody ALL=(root) NOPASSWD: /usr/bin/id\n";
        List<String> lines = new ArrayList<>();
        for (String rules : List.of("root ALL=(ALL) ALL\n", others, "nobody ALL=(ALL:ALL) ALL\n" + others)) {
            Finding refused = Sudo.check(sudoer(rules), reload, reload).orElseThrow();
            assertThat(refused.harmful()).isTrue();
            assertThat(refused.what()).isEqualTo("sudo -n refuses to run \"systemctl reload php8.2-fpm\" for nobody");
            lines.add(refused.fix().replaceFirst(".*\"(nobody[^\"]*)\".*", "$1"));
            lines.add(Sudo.check(sudoer(rules), signal, rule)
                    .orElseThrow()
                    .fix()
                    .replaceFirst(".*\"(nobody[^\"]*)\".*", "$1"));
        }
        assertThat(lines)
                .contains("nobody ALL=(root) NOPASSWD: /usr/bin/systemctl reload php8.2-fpm")
                .contains("nobody ALL=(root) NOPASSWD: /usr/bin/kill -USR2 [0-9]*");
        Host repaired = sudoer(others + String.join("\n", lines) + "\n");
        assertThat(Sudo.check(repaired, reload, reload)).isEmpty();
        assertThat(Sudo.check(repaired, signal, rule)).isEmpty();
        assertThat(Sudo.check(sudoer("nobody ALL=(ALL) NOPASSWD: ALL\n"), reload, reload))
                .isEmpty();
        List<String> odd = List.of("/bin/echo", "a:b,c=d");
        String line =
                Sudo.check(sudoer(others), odd, odd).orElseThrow().fix().replaceFirst(".*\"(nobody[^\"]*)\".*", "$1");
        assertThat(Sudo.check(sudoer(others + line + "\n"), odd, odd)).isEmpty();
    }

    @Test
    @EnabledIf("isRoot")
    void noSudo() throws IOException {
        List<String> reload = List.of("systemctl", "reload", "php8.2-fpm");
        assertThat(Sudo.check(ShellUnderTest.busybox(), reload, reload))
                .hasValueSatisfying(finding -> assertThat(finding.harmful()
                                && finding.what().equals("php.sudo is set, and there is no sudo")
                                && finding.fix().startsWith("install sudo, and add the line \""))
                        .isTrue());
        assertThat(Sudo.check(sudoer("nobody ALL=(ALL) NOPASSWD: ALL\n"), reload, reload))
                .isEmpty();
    }

    /** Of a command of the user's, sudo is asked only what it can be asked: whether it allows these very words. */
    @Test
    @EnabledIf("isRoot")
    void sudoThatRefusesTheUsersCommand() throws IOException {
        Host host = sudoer("nobody ALL=(root) NOPASSWD: /usr/bin/systemctl reload app\n");
        Place place = new Place(host, root.toString(), Optional.empty());
        assertThat(ofCommand("systemctl restart app", true, place))
                .singleElement()
                .matches(finding ->
                        finding.fix().contains("\"nobody ALL=(root) NOPASSWD: /usr/bin/systemctl restart app\""));
        for (String allowed : List.of("systemctl reload app", "test -e $HOME || systemctl restart app")) {
            assertThat(ofCommand(allowed, true, place)).isEmpty();
        }
        assertThat(ofCommand("systemctl restart app", false, place)).isEmpty();
    }

    /** What is found that makes deploys fail. */
    private static List<Finding> ofCommand(String reload, boolean sudo, Place place) {
        return new CommandRuntime(reload, sudo, Duration.ofSeconds(5), Optional.empty(), Optional.empty())
                .diagnose(place).stream().filter(Finding::harmful).toList();
    }

    /** What PHP writes into must let PHP's account write, and both accounts must be able to go on with the other's files. */
    @Test
    @EnabledIf("isRoot")
    void directoriesThatPhpCannotWrite() throws IOException {
        try (WebHost web = WebHost.start(
                temp.resolve("host"),
                "public",
                "$realpath_root",
                fpm -> fpm.global("process_control_timeout = 10s")
                        .pool("request_terminate_timeout = 5s")
                        .pool("pm.status_path = /fpm-status"))) {
            Path storage = Files.createDirectories(web.site().resolve("shared/storage"));
            Path cache = Files.createDirectories(web.site().resolve("releases/r1/var/cache"));
            Files.createSymbolicLink(web.site().resolve("current"), Path.of("releases/r1"));
            Target target = new Target(
                    HostAddress.parse("local"), Optional.empty(), web.site().toString());
            Shared shared = new Shared(List.of("storage", "later"), List.of());
            Writable writable = new Writable(List.of("storage", "var/cache"), Optional.empty(), List.of());
            SiteOperations operations = new SiteOperations(HostConnector.STANDARD, List.of(target));
            FpmRuntime runtime =
                    new FpmRuntime(FpmSettings.of(web.fpm().pidFile().toString(), Duration.ofSeconds(5)));
            List<Finding> found =
                    operations.diagnose(runtime, shared, writable).get(0).answer();
            assertThat(found).noneMatch(Finding::harmful);
            assertThat(found.stream().map(Finding::what))
                    .containsExactlyInAnyOrder(
                            storage + " cannot be written by www-data",
                            web.site() + "/current/var/cache cannot be written by www-data",
                            storage + " has no default ACL for www-data, which executes the code",
                            web.site() + "/current/var/cache has no default ACL for www-data, which executes the code");
            for (Finding finding : found) {
                Server.run("sh", "-c", finding.fix().replaceFirst(" \\(package acl.*", ""));
            }
            assertThat(operations.diagnose(runtime, shared, writable).get(0).answer())
                    .isEmpty();
            assertThat(cache).isDirectory();
        }
    }
}
