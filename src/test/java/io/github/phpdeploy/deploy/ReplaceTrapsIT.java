package io.github.phpdeploy.deploy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.ShellUnderTest;
import io.github.phpdeploy.host.local.LocalHost;
import io.github.phpdeploy.it.Nginx;
import io.github.phpdeploy.it.Server;
import io.github.phpdeploy.probe.HealthCheck;
import io.github.phpdeploy.runtime.Finding;
import io.github.phpdeploy.runtime.Generation;
import io.github.phpdeploy.runtime.Intent;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Runtime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What goes wrong where one master is replaced by another: the one that serves goes on serving, and it is said which trap it is. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ReplaceTrapsIT {

    @TempDir
    Path temp;

    private ReplaceBed bed;

    @BeforeEach
    void start() throws IOException {
        bed = ReplaceBed.server(temp);
    }

    @AfterEach
    void stop() {
        bed.close();
    }

    private void live() throws IOException {
        bed.succeeds();
        bed.enable();
    }

    private void stillServes(String version) {
        assertThat(bed.served()).isEqualTo(version + " " + version + " " + version + " end");
        assertThat(bed.masters()).as(() -> bed.said + "\n" + bed.state()).hasSize(1);
    }

    @Test
    void aMasterThatDoesNotStart() throws IOException {
        live();
        String first = bed.current();
        String working = bed.settings.start().orElseThrow();
        bed.startedBy("echo no such thing >&2; exit 3");
        assertThat(bed.fails())
                .contains("the command that starts the master green")
                .contains("no such thing")
                .contains("nothing was switched: " + first + " is still current");
        stillServes("v1");
        bed.startedBy("echo I am idle; true");
        assertThat(bed.fails())
                .contains("nobody listens at green")
                .contains("I am idle")
                .contains("nothing was switched: " + first + " is still current");
        stillServes("v1");
        bed.startedBy(working);
        bed.succeeds();
        stillServes("v4");
    }

    /** By way of current, which is switched later, it has the old code. */
    @Test
    void aMasterThatServesTheOldRelease() throws IOException {
        live();
        String first = bed.current();
        bed.startedBy("php " + bed.site + "/current/prefork-server.php \"${port}\" 6 &");
        assertThat(bed.fails())
                .contains("shows release " + first + ", and not ")
                .contains("start it from ${releasePath}")
                .contains("nothing was switched: " + first + " is still current");
        stillServes("v1");
    }

    @Test
    void aBrokenUpstream() throws IOException {
        live();
        String first = bed.current();
        String file = Files.readString(bed.site.resolve("upstream.conf"));
        bed.upstream(Optional.of("server 127.0.0.1:${port} nonsense;"), Optional.empty());
        assertThat(bed.fails())
                .contains("the proxy's configuration on local does not pass its test")
                .contains("invalid parameter \"nonsense\"")
                .contains("it was undone: " + first + " is current again");
        assertThat(bed.site.resolve("upstream.conf")).hasContent(file.strip());
        stillServes("v1");
        bed.upstream(Optional.empty(), Optional.empty());
        bed.succeeds();
        stillServes("v3");
    }

    /** What is wrong with nginx is seen before anything is started. */
    @Test
    void aProxyThatIsBrokenAlready() throws IOException {
        live();
        Path nginx = temp.resolve("nginx/nginx.conf");
        String right = Files.readString(nginx);
        Files.writeString(nginx, "nonsense;\n" + right);
        assertThat(bed.fails()).contains("unknown directive \"nonsense\"").contains("nothing was switched");
        Files.writeString(nginx, right);
        Files.writeString(temp.resolve("sites/shop"), "");
        assertThat(bed.fails())
                .contains("does not include " + bed.site.resolve("upstream.conf"))
                .contains("nothing was switched");
        // a file of the same name that belongs to another site is not it
        Path other = Files.createDirectories(temp.resolve("srv/other")).resolve("upstream.conf");
        Files.writeString(other, "server 127.0.0.1:9;");
        Files.writeString(
                temp.resolve("sites/shop"),
                Files.readString(temp.resolve("sites-available/shop"))
                        .replace(bed.site.resolve("upstream.conf").toString(), other.toString()));
        assertThat(bed.fails())
                .contains("does not include " + bed.site.resolve("upstream.conf"))
                .contains("nothing was switched");
        assertThat(bed.masters()).hasSize(1);
    }

    /** A site that was served by something else before. */
    @Test
    void aStrangersUpstreamComesBack() throws IOException {
        bed.succeeds();
        bed.masters().forEach(ProcessHandle::destroy);
        Server.await("the master to end", () -> bed.masters().isEmpty());
        Path upstream = bed.site.resolve("upstream.conf");
        String stranger = "server 127.0.0.1:9;\n";
        Files.writeString(upstream, stranger);
        Files.delete(bed.site.resolve(".php-deploy/replace/state"));
        bed.enable(502);
        bed.health = Optional.of(HealthCheck.of(
                "http://127.0.0.1:" + bed.nginx().port() + "/index.php",
                200,
                "something else",
                Duration.ofSeconds(1),
                Duration.ofMillis(100)));
        assertThat(bed.fails()).contains("is not healthy").contains("it was undone");
        assertThat(Files.readString(upstream).strip()).isEqualTo(stranger.strip());
        assertThat(bed.masters()).isEmpty();
        bed.health = Optional.empty();
        bed.succeeds();
        stillServes("v3");
    }

    @Test
    void portsOfStrangers() throws IOException {
        try (ServerSocket blue = stranger(0)) {
            try (ServerSocket green = stranger(1)) {
                assertThat(bed.fails())
                        .contains("there is no room for a new master on local")
                        .contains(", and ")
                        .contains("process " + ProcessHandle.current().pid() + " java listens at green (port "
                                + green.getLocalPort() + ")");
                assertThat(bed.site.resolve(".php-deploy/replace")).doesNotExist();
            }
            // one is enough to begin with, and then there is none for the next
            live();
            assertThat(bed.fails())
                    .contains("no deploy of this site has started")
                    .contains("nothing was switched");
            assertThat(blue.isClosed()).isFalse();
        }
        stillServes("v2");
        bed.succeeds();
        stillServes("v4");
    }

    private ServerSocket stranger(int seat) throws IOException {
        int port = Integer.parseInt(bed.settings.seats().get(seat).address());
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    }

    /** Where a build can be killed. */
    enum Moment {
        STARTED,
        WRITTEN,
        SWITCHED,
        SETTLED
    }

    /** Whatever a build that was killed has left, the next is alone, and nobody has noticed. */
    @ParameterizedTest
    @EnumSource
    void killedInTheMiddle(Moment moment) throws IOException {
        live();
        String old = bed.current();
        String cut = "20300101000000-cut";
        Server.run("cp", "-r", bed.site.resolve("releases/" + old).toString(), bed.site + "/releases/" + cut);
        try (Host host = new LocalHost()) {
            Runtime.Service service =
                    bed.runtime().inspect(new Place(host, bed.site.toString(), Optional.empty()), Intent.SWITCH);
            service.preview(cut);
            if (moment == Moment.WRITTEN) {
                String green = bed.settings.seats().get(1).address();
                Files.writeString(bed.site.resolve("upstream.conf"), "server 127.0.0.1:" + green + ";\n");
            } else if (moment != Moment.STARTED) {
                Generation begun = service.reload();
                if (moment == Moment.SETTLED) {
                    service.await(begun);
                }
            }
        }
        assertThat(bed.masters()).hasSize(2);
        Server.run("rm", "-f", bed.site + "/.php-deploy/lock");
        for (int i = 0; i < 20; i++) {
            assertThat(bed.nginx().get("/index.php").status()).isEqualTo(200);
        }
        DeployResult.Success result = bed.succeeds();
        assertThat(result.hosts().get(0).runtime().get("remains")).contains("was left by a deploy that was cut off");
        stillServes("v2");
        bed.succeeds();
        stillServes("v3");
    }

    /** The old master is there until the site is known to be healthy. */
    @Test
    void goingBackIsASwitch() throws IOException {
        live();
        String first = bed.current();
        bed.health = Optional.of(HealthCheck.of(
                bed.nginx().url() + "/index.php", 200, "v1", Duration.ofSeconds(1), Duration.ofMillis(100)));
        List<ProcessHandle> before = bed.masters();
        assertThat(bed.fails()).contains("is not healthy").contains("it was undone: " + first + " is current again");
        stillServes("v1");
        assertThat(bed.masters()).isEqualTo(before);
        bed.health = Optional.empty();
        bed.succeeds();
        stillServes("v3");
    }

    /** What is under way is waited for, as long as it may take. */
    @Test
    void requestsUnderWayAreWaitedFor() throws Exception {
        bed.write(
                "public/long.php",
                "<?php $end = microtime(true) + 3; while (microtime(true) < $end) { md5('x'); } echo 'done';");
        live();
        CompletableFuture<Nginx.Answer> under =
                CompletableFuture.supplyAsync(() -> bed.nginx().get("/long.php"));
        bed.drainedWithin(Duration.ofSeconds(20));
        awaitRequest(0);
        bed.succeeds();
        assertThat(under.get(1, TimeUnit.SECONDS).body()).isEqualTo("done");

        under = CompletableFuture.supplyAsync(() -> bed.nginx().get("/long.php"));
        bed.drainedWithin(Duration.ZERO);
        awaitRequest(1);
        bed.succeeds();
        assertThat(bed.said)
                .anyMatch(line -> line.contains("although after 0 s connections were still open (1 to it")
                        && line.contains("raise php.drainTimeout"));
        assertThat(under.get(10, TimeUnit.SECONDS).status()).isEqualTo(502);
    }

    private void awaitRequest(int seat) {
        String port = bed.settings.seats().get(seat).address();
        Server.await(
                "the request to arrive",
                () -> !Server.run("ss", "-Htn", "state", "established", "sport = :" + port)
                        .isBlank());
    }

    @Test
    void aReloadIsANewMasterOfTheSameRelease() throws IOException {
        live();
        List<ProcessHandle> before = bed.masters();
        SiteOperations hosts = new SiteOperations(HostConnector.STANDARD, List.of(bed.target()));
        assertThat(hosts.inspect(bed.runtime()).get(0).answer()).contains("start a new master at green");
        assertThat(hosts.reload(bed.runtime(), Initiator.of(Map.of())).get(0).answer())
                .contains("the proxy leads to the new master at green")
                .contains("10 new connections show " + bed.current());
        stillServes("v1");
        assertThat(bed.masters()).doesNotContainAnyElementsOf(before);
        bed.startedBy("false");
        assertThatThrownBy(() -> hosts.reload(bed.runtime(), Initiator.of(Map.of())))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("the command that starts the master blue")
                .hasMessageContaining("it was undone");
        stillServes("v1");
    }

    /** Any proxy: what switches it is a command, which finds everything in its variables. */
    @Test
    void aCommandSwitchesTheProxy() throws IOException {
        Path upstream = bed.site.resolve("upstream.conf");
        Path pid = temp.resolve("nginx/nginx.pid");
        bed.upstream(
                Optional.empty(),
                Optional.of("echo \"server 127.0.0.1:${port}; # ${release} ${releasePath} ${color}\" >" + upstream
                        + " && kill -HUP \"$(cat " + pid + ")\""));
        live();
        for (int i = 2; i <= 3; i++) {
            bed.succeeds();
            Server.await("nginx to follow", () -> bed.masters().size() == 1);
            String version = "v" + i;
            Server.await("nginx to follow", () -> bed.served().startsWith(version));
        }
        assertThat(upstream).content().contains("# " + bed.current() + " " + bed.site + "/releases/" + bed.current());
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "busybox"})
    void anyShellWillDo(String shell) throws IOException {
        live();
        try (Host host = shell.equals("dash") ? ShellUnderTest.dash() : ShellUnderTest.busybox("php")) {
            Runtime.Service service =
                    bed.runtime().inspect(new Place(host, bed.site.toString(), Optional.empty()), Intent.RELOAD);
            service.await(service.reload());
            assertThat(service.prove(bed.current())).isPresent();
            assertThat(service.tidy(bed.current())).isEmpty();
            assertThat(service.facts()).containsKeys("drainMillis", "oldMaster");
        }
        stillServes("v1");
    }

    /** As on most servers: an account deploys that is not root, and nginx is root's. */
    @Test
    @EnabledIf("isRoot")
    void anotherAccountIsToldWhatItNeeds() throws IOException {
        Files.createDirectories(bed.site);
        Server.run("chown", "-R", "4711", bed.site.toString());
        bed.overSshAs("deployer", 4711);
        assertThat(bed.fails())
                .contains("the proxy's configuration on ")
                .contains("ermission denied")
                .contains("set php.sudo, so that it is tested with sudo -n");
        assertThat(bed.masters()).isEmpty();

        // its own masters it sees and stops; the proxy is switched by a command that it may run
        bed.upstream(
                Optional.empty(),
                Optional.of("echo \"server 127.0.0.1:${port};\" >next.conf && mv next.conf " + bed.site
                        + "/upstream.conf"));
        for (int i = 0; i < 3; i++) {
            bed.succeeds();
            assertThat(bed.masters()).as(() -> bed.said + "\n" + bed.state()).hasSize(1);
        }
        assertThat(Files.getAttribute(Path.of("/proc/" + bed.masters().get(0).pid()), "unix:uid"))
                .isEqualTo(4711);
    }

    static boolean isRoot() {
        return Server.isRoot();
    }

    /** What the doctor says to an account that is neither root's nor the masters'. */
    @Test
    @EnabledIf("isRoot")
    void theDoctorSeesWhatAnAccountMayNotDo() throws IOException {
        live();
        bed.overSshAs("deployer", 4711);
        String closed = "cannot be replaced, because " + bed.site + " is missing or may not be written";
        String unseen = "cannot be seen by this account";
        finds(closed, true);
        finds(unseen, true);

        Server.run("chown", "-R", "4711", bed.site.toString());
        bed.stoppedBy("true");
        assertThat(findings()).noneMatch(finding -> finding.what().contains(closed));
        assertThat(findings()).noneMatch(finding -> finding.what().contains(unseen));
        bed.stoppedBy(null);
        finds(unseen, true);
    }

    private List<Finding> findings() {
        try (Host host = HostConnector.STANDARD.connect(bed.target())) {
            return bed.runtime().diagnose(new Place(host, bed.site.toString(), Optional.empty()));
        }
    }

    private void finds(String what, boolean harmful) {
        assertThat(findings())
                .as(() -> bed.state() + " " + bed.masters())
                .anyMatch(finding -> finding.what().contains(what) && finding.harmful() == harmful);
    }

    @Test
    void theDoctorSeesEachFault() throws IOException {
        live();
        assertThat(findings()).isEmpty();

        try (ServerSocket stranger = stranger(1)) {
            finds(
                    "listens at green (port " + stranger.getLocalPort() + "), which no deploy of this site has started",
                    true);
            Path state = bed.site.resolve(".php-deploy/replace/state");
            String written = Files.readString(state);
            Files.writeString(state, written + "seat green " + bed.current() + "\n");
            finds("of release " + bed.current() + " is still up", false);
            Files.writeString(state, written);
        }
        assertThat(findings()).isEmpty();
        Path upstream = bed.site.resolve("upstream.conf");
        String right = Files.readString(upstream);
        Files.writeString(upstream, "server 127.0.0.1:9;");
        finds("names neither of blue", false);
        Files.writeString(upstream, right);

        Path site = temp.resolve("sites/shop");
        String served = Files.readString(site);
        Files.writeString(site, "");
        finds("nginx does not include " + upstream, true);
        Files.writeString(site, "nonsense;");
        finds("does not pass its test", true);
        Files.writeString(site, served);
        assertThat(findings()).isEmpty();

        Path state = bed.site.resolve(".php-deploy/replace/state");
        String written = Files.readString(state);
        Files.writeString(state, written.replace(bed.current(), "20200101000000-old"));
        finds("was started for release 20200101000000-old", true);
        Files.writeString(state, written);

        Path pid = temp.resolve("nginx/nginx.pid");
        String master = Files.readString(pid);
        Files.writeString(pid, "1\n");
        finds("no nginx was found on local by its pid file", true);
        Files.writeString(pid, master);
        assertThat(findings()).isEmpty();

        bed.masters().forEach(ProcessHandle::destroy);
        Server.await("the master to end", () -> bed.masters().isEmpty());
        finds("to which the proxy leads", true);
        bed.succeeds();
        assertThat(findings()).isEmpty();
    }
}
