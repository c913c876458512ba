package io.github.phpdeploy.mojo;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.deploy.DeployRequest;
import io.github.phpdeploy.deploy.Hook;
import io.github.phpdeploy.deploy.Target;
import io.github.phpdeploy.deploy.Transfer;
import io.github.phpdeploy.host.ssh.SshSettings;
import io.github.phpdeploy.probe.HealthCheck;
import io.github.phpdeploy.runtime.command.CommandRuntime;
import io.github.phpdeploy.runtime.fpm.FpmRuntime;
import io.github.phpdeploy.runtime.roadrunner.RoadRunnerRuntime;
import io.github.phpdeploy.runtime.roadrunner.RoadRunnerSettings;
import org.apache.maven.api.plugin.testing.Basedir;
import org.apache.maven.api.plugin.testing.InjectMojo;
import org.apache.maven.api.plugin.testing.MojoParameter;
import org.apache.maven.api.plugin.testing.MojoTest;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.logging.Log;
import org.apache.maven.settings.Server;
import org.apache.maven.settings.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.Mockito;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.contains;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

/** How goals read their parameters. What they then do is tested in the rooms below and by whole builds. */
@MojoTest
class GoalsTest {

    private static final String FULL = "src/test/resources/mojo/full";
    private static final String RESIDENT = "src/test/resources/mojo/resident";
    private static final String FLEET = "src/test/resources/mojo/fleet";
    private static final String PLAIN = "src/test/resources/mojo/plain";

    @TempDir
    Path temp;

    /** What Maven injects and the harness leaves out. */
    private static Settings prepare(AbstractHostMojo mojo, String... userProperties) {
        Settings settings = new Settings();
        settings.setInteractiveMode(false);
        Server server = new Server();
        server.setId("web");
        server.setUsername("someone");
        server.setPassword("s3cr3t");
        settings.addServer(server);
        mojo.settings = settings;
        mojo.session = mock(MavenSession.class);
        Properties properties = new Properties();
        for (int i = 0; i < userProperties.length; i += 2) {
            properties.setProperty(userProperties[i], userProperties[i + 1]);
        }
        Mockito.when(mojo.session.getUserProperties()).thenReturn(properties);
        return settings;
    }

    @Test
    @Basedir(FULL)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    void everythingInThePomArrives(DeployMojo mojo) {
        prepare(mojo);
        DeployRequest request = mojo.request();
        Target web = request.targets().get(0);
        assertThat(web.deployPath()).isEqualTo("/srv/shop");
        assertThat(web.ssh().orElseThrow().user()).isEqualTo("deploy");
        assertThat(web.ssh().orElseThrow().password().orElseThrow().reveal())
                .containsExactly('s', '3', 'c', 'r', '3', 't');
        assertThat(web.toString()).doesNotContain("s3cr3t");
        assertThat(request.targets().get(1).address().isLocal()).isTrue();
        assertThat(request.targets().get(1).deployPath()).isEqualTo("/srv/other");
        assertThat(request.selection().includes()).containsExactly("src/");
        assertThat(request.selection().excludes()).contains("tests");
        assertThat(request.keepReleases()).isEqualTo(3);
        assertThat(request.runtime()).isInstanceOf(FpmRuntime.class);
        assertThat(request.shared().directories()).containsExactly("storage");
        assertThat(request.shared().files().get(0).path()).isEqualTo(".env");
        assertThat(request.shared().files().get(0).template()).isEmpty();
        assertThat(request.shared().files().get(1).path()).isEqualTo("config.php");
        assertThat(request.shared().files().get(1).template().orElseThrow()).hasFileName("config.php.dist");
        assertThat(request.writable().directories()).containsExactly("cache");
        assertThat(request.writable().users()).containsExactly("www-data");
        assertThat(request.writable().mode()).isEmpty();
        assertThat(request.hooks().beforeActivation())
                .containsExactly(
                        new Hook("php artisan migrate --force", true), new Hook("php artisan view:cache", false));
        assertThat(request.hooks().afterActivation()).containsExactly(new Hook("php artisan queue:restart", false));
        assertThat(request.health().orElseThrow().status()).isEqualTo(204);
        assertThat(request.health().orElseThrow().forRelease("r7").header())
                .contains(new HealthCheck.Header("X-Release", "r7"));
    }

    @Test
    @Basedir(FULL)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "healthUrl", value = "http://127.0.0.1/other")
    @MojoParameter(name = "healthBody", value = "release @release@")
    @MojoParameter(name = "healthHeader", value = "X-Version: @release@")
    void propertiesWinOverTheHealthCheckOfThePom(DeployMojo mojo) {
        prepare(mojo);
        HealthCheck check = mojo.request().health().orElseThrow().forRelease("r7");
        assertThat(check.url()).hasPath("/other");
        assertThat(check.status()).isEqualTo(204);
        assertThat(check.body().orElseThrow().matcher("release r7").find()).isTrue();
        assertThat(check.header()).contains(new HealthCheck.Header("X-Version", "r7"));
    }

    @Test
    @Basedir(FULL)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "hostNames", value = "web1.example.com, me@web9:2222")
    void namedHostsPickFromThePom(DeployMojo mojo) {
        prepare(mojo);
        List<Target> targets = mojo.targets();
        assertThat(targets).extracting(Target::name).containsExactly("deploy@web1.example.com:22", "me@web9:2222");
        assertThat(targets.get(0).deployPath()).isEqualTo("/srv/shop");
        assertThat(targets.get(1).deployPath()).isEqualTo("/srv/other");
    }

    @Test
    @Basedir(FLEET)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    void rangesLabelsAndJumpHostsArrive(DeployMojo mojo) {
        prepare(mojo);
        List<Target> targets = mojo.targets();
        assertThat(targets)
                .extracting(Target::name)
                .containsExactly("deploy@web08", "deploy@web09", "deploy@web10", "deploy@db-a:2222", "local");
        assertThat(targets)
                .extracting(target -> target.labels().toString())
                .containsExactly(
                        "role=web, stage=prod",
                        "role=web, stage=prod",
                        "role=web, stage=prod",
                        "role=db, stage=dr",
                        "");
        assertThat(targets)
                .extracting(Target::deployPath)
                .containsExactly("/srv/shop", "/srv/shop", "/srv/shop", "/srv/db", "/srv/shop");
        assertThat(targets.get(0).ssh().orElseThrow().jump()).isEmpty();
        SshSettings inner = targets.get(3).ssh().orElseThrow().jump().orElseThrow();
        assertThat(inner.address()).hasToString("hop@inner:2200");
        assertThat(inner.jump().orElseThrow().address()).hasToString("hop@bastion");
        assertThat(inner.jump().orElseThrow().jump()).isEmpty();
    }

    @Test
    @Basedir(FLEET)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "on", value = "role=web | stage=dr")
    @MojoParameter(name = "hostNames", value = "web[09:10],db-a")
    @MojoParameter(name = "jump", value = "me@other")
    void hostsAreChosenByNameAndLabel(DeployMojo mojo) {
        prepare(mojo);
        List<Target> targets = mojo.targets();
        assertThat(targets)
                .extracting(Target::name)
                .containsExactly("deploy@web09", "deploy@web10", "deploy@db-a:2222");
        assertThat(targets.get(0).ssh().orElseThrow().jump().orElseThrow().address())
                .hasToString("me@other");
        assertThat(targets.get(2).ssh().orElseThrow().jump().orElseThrow().address())
                .hasToString("hop@inner:2200");
    }

    @Test
    @Basedir(FLEET)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "on", value = "role=cache")
    void labelsThatMatchNoHostAreAnError(DeployMojo mojo) {
        prepare(mojo);
        assertThatThrownBy(mojo::targets)
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("no host matches php.on, \"role=cache\"")
                .hasMessageContaining("deploy@db-a:2222 (role=db, stage=dr)");
    }

    @Test
    @Basedir(PLAIN)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "hosts", value = "me@web1,web2,you@web1:22")
    @MojoParameter(name = "deployPath", value = "/srv/shop")
    void aHostThatIsNamedTwiceIsRefused(DeployMojo mojo) {
        prepare(mojo);
        assertThatThrownBy(mojo::targets)
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("/srv/shop on you@web1:22 is named twice in php.hosts");
    }

    @Test
    @Basedir(PLAIN)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "hosts", value = "me@web1,me@web2:2222")
    @MojoParameter(name = "deployPath", value = "/srv/shop/")
    void hostsMayBeAList(DeployMojo mojo) {
        prepare(mojo);
        assertThat(mojo.targets()).extracting(Target::name).containsExactly("me@web1", "me@web2:2222");
        assertThat(mojo.targets()).extracting(Target::deployPath).containsOnly("/srv/shop");
    }

    @Test
    @Basedir(PLAIN)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "hosts", value = "me@web1")
    @MojoParameter(name = "deployPath", value = "/srv/shop")
    @MojoParameter(name = "transfer", value = "Sftp")
    void theWayOfTransferIsReadInAnyCase(DeployMojo mojo) {
        prepare(mojo);
        assertThat(mojo.targets()).extracting(Target::transfer).containsExactly(Transfer.SFTP);
    }

    @Test
    @Basedir(PLAIN)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "hosts", value = "me@web1")
    void whatIsMissingIsTold(DeployMojo mojo) {
        prepare(mojo);
        assertThatThrownBy(mojo::targets)
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("there is no deploy path for me@web1")
                .hasMessageContaining("-Dphp.deployPath");
    }

    @Test
    @Basedir(PLAIN)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "hosts", value = "me@web1")
    @MojoParameter(name = "deployPath", value = "/srv/shop")
    @MojoParameter(name = "serverId", value = "nobody")
    void aServerThatSettingsDoNotHaveIsTold(DeployMojo mojo) {
        prepare(mojo);
        assertThatThrownBy(mojo::targets).hasMessageContaining("no <server> with the id \"nobody\"");
    }

    @Test
    @Basedir(PLAIN)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "hosts", value = "me@web1")
    @MojoParameter(name = "deployPath", value = "/srv/shop")
    void offlineFailsForWhatNeedsTheNetwork(DeployMojo mojo) {
        prepare(mojo).setOffline(true);
        assertThatThrownBy(mojo::targets).hasMessageContaining("Maven is offline (-o)");
    }

    @Test
    @Basedir(PLAIN)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "runtime", value = "hhvm")
    void anUnknownRuntimeIsTold(DeployMojo mojo) {
        prepare(mojo);
        assertThatThrownBy(mojo::runtime)
                .hasMessageContaining("there is no runtime \"hhvm\"")
                .hasMessageContaining(
                        "none, fpm, swoole, workerman, roadrunner, octane, frankenphp, modphp, replace or command");
    }

    @Test
    @Basedir(PLAIN)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "runtime", value = "swoole")
    @MojoParameter(name = "swoolePidFile", value = "/run/swoole.pid")
    @MojoParameter(name = "swooleUrl", value = "http://127.0.0.1:9501/")
    void swooleNeedsAPidFileAndAPage(DeployMojo mojo) {
        prepare(mojo);
        assertThat(mojo.runtime().name()).isEqualTo("swoole");
    }

    @Test
    @Basedir(PLAIN)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "runtime", value = "workerman")
    @MojoParameter(name = "workermanPidFile", value = "/run/workerman.pid")
    void aResidentServerWithoutAPageIsRefused(DeployMojo mojo) {
        prepare(mojo);
        assertThatThrownBy(mojo::runtime)
                .hasMessageContaining("there is no page that shows which release it executes")
                .hasMessageContaining("php.workerman.url");
    }

    @Test
    @Basedir(PLAIN)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "runtime", value = "swoole")
    @MojoParameter(name = "swooleUrl", value = "http://127.0.0.1:9501/")
    void aResidentServerWithoutAMasterIsRefused(DeployMojo mojo) {
        prepare(mojo);
        assertThatThrownBy(mojo::runtime)
                .hasMessageContaining("nothing says which process its master is")
                .hasMessageContaining("php.swoole.pidFile");
    }

    @Test
    @Basedir(RESIDENT)
    @InjectMojo(goal = "reload", pom = "pom.xml")
    void aResidentServerInThePomArrives(ReloadMojo mojo) {
        prepare(mojo);
        assertThat(mojo.runtime().name()).isEqualTo("workerman");
    }

    @Test
    @Basedir(RESIDENT)
    @InjectMojo(goal = "reload", pom = "pom.xml")
    @MojoParameter(name = "runtime", value = "swoole")
    void aResidentServerInThePomIsChecked(ReloadMojo mojo) {
        prepare(mojo);
        assertThatThrownBy(mojo::runtime).hasMessageContaining("php.swoole.pidFile \"relative.pid\" is not absolute");
    }

    @Test
    @Basedir(RESIDENT)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "runtime", value = "command")
    @MojoParameter(name = "commandReload", value = "systemctl restart shop")
    void aCommandInThePomArrivesAndPropertiesWin(DeployMojo mojo) {
        prepare(mojo);
        CommandRuntime runtime = (CommandRuntime) mojo.runtime();
        assertThat(runtime.reload()).isEqualTo("systemctl restart shop");
        assertThat(runtime.page().orElseThrow().url()).hasToString("http://127.0.0.1:8080/health");
        assertThat(runtime.page().orElseThrow().header()).isEqualTo("X-Code");
        assertThat(runtime.trial().orElseThrow().command()).isEqualTo("php artisan about");
        assertThat(runtime.trial().orElseThrow().setting()).isEqualTo("php.command.preview");
    }

    @Test
    @Basedir(PLAIN)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "runtime", value = "command")
    void aCommandMustBeGiven(DeployMojo mojo) {
        prepare(mojo);
        assertThatThrownBy(mojo::runtime).hasMessageContaining("set -Dphp.command.reload");
    }

    @Test
    @Basedir(RESIDENT)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "runtime", value = "roadrunner")
    @MojoParameter(name = "roadrunnerLongestRequest", value = "7")
    void roadRunnerInThePomArrivesAndPropertiesWin(DeployMojo mojo) {
        prepare(mojo);
        RoadRunnerSettings settings = ((RoadRunnerRuntime) mojo.runtime()).settings();
        assertThat(settings.program()).isEqualTo("/usr/local/bin/rr");
        assertThat(settings.config()).isEqualTo("/srv/shop/shared/.rr.yaml");
        assertThat(settings.page().url()).hasToString("http://127.0.0.1:8080/health");
        assertThat(settings.page().body()).isPresent();
        assertThat(settings.trial().orElseThrow().setting()).isEqualTo("php.roadrunner.preview");
        assertThat(settings.longestRequest()).contains(Duration.ofSeconds(7));
    }

    @Test
    @Basedir(PLAIN)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "runtime", value = "roadrunner")
    @MojoParameter(name = "roadrunnerUrl", value = "http://127.0.0.1:8080/")
    void roadRunnerNeedsItsConfiguration(DeployMojo mojo) {
        prepare(mojo);
        assertThatThrownBy(mojo::runtime).hasMessageContaining("php.roadrunner.config");
    }

    @Test
    @Basedir(PLAIN)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "runtime", value = "roadrunner")
    @MojoParameter(name = "roadrunnerConfig", value = ".rr.yaml")
    void roadRunnersConfigurationIsAbsolute(DeployMojo mojo) {
        prepare(mojo);
        assertThatThrownBy(mojo::runtime).hasMessageContaining("php.roadrunner.config \".rr.yaml\" is not absolute");
    }

    @Test
    void residentSettingsAreChecked() {
        Runtimes.Common common =
                new Runtimes.Common(false, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1), false);
        ResidentBean bean = new ResidentBean().found("/run/x.pid", null, null, null);
        assertThatThrownBy(() -> bean.shown("ftp://x/", null, null).toSettings("swoole", null, common))
                .hasMessageContaining("no http or https address");
        assertThatThrownBy(() -> bean.shown("http://x/", "a b", null).toSettings("swoole", null, common))
                .hasMessageContaining("php.swoole.releaseHeader");
        assertThatThrownBy(() -> bean.shown("http://x/", null, "[0-9]+").toSettings("swoole", null, common))
                .hasMessageContaining("has no group that finds the release");
        assertThatThrownBy(() -> bean.shown("http://x/", null, "(").toSettings("swoole", null, common))
                .hasMessageContaining("no regular expression");
        assertThatThrownBy(() -> bean.shown("http://x/", null, null)
                        .found("x.pid", null, null, null)
                        .toSettings("swoole", null, common))
                .hasMessageContaining("is not absolute");
        assertThatThrownBy(() -> bean.shown("http://x/", null, null)
                        .found(null, null, null, "restart")
                        .toSettings("swoole", null, common))
                .hasMessageContaining("there is no php.swoole.strategy \"restart\"");
        assertThat(bean.isReplaced()).isFalse();
        assertThat(bean.found(null, null, null, "replace").isReplaced()).isTrue();
        assertThat(bean.shown("http://x/", null, "release: (?<release>\\S+)")
                        .timed(5, 10)
                        .toSettings("swoole", null, common)
                        .maxWaitTime())
                .contains(Duration.ofSeconds(10));
    }

    @Test
    @Basedir(PLAIN)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "keepReleases", value = "0")
    void keepingNothingIsRefused(DeployMojo mojo) {
        prepare(mojo);
        assertThatThrownBy(mojo::request).hasMessageContaining("php.keepReleases is 0");
    }

    @Test
    @Basedir(PLAIN)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "release", value = "../../etc")
    void aFailureIsAMavenFailureAndLeavesAResult(DeployMojo mojo) throws Exception {
        prepare(mojo);
        File result = temp.resolve("result.json").toFile();
        java.lang.reflect.Field field = AbstractSwitchMojo.class.getDeclaredField("resultFile");
        field.setAccessible(true);
        field.set(mojo, result);
        assertThatThrownBy(mojo::execute)
                .isInstanceOf(MojoFailureException.class)
                .hasMessageContaining("cannot be the name of a release")
                .hasMessageContaining("nothing was changed on any host");
        assertThat(Files.readString(result.toPath())).contains("\"outcome\": \"failed\"");
    }

    @Test
    @Basedir(PLAIN)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "skip", value = "true")
    void skippingIsSaidInOneLine(DeployMojo mojo) throws Exception {
        Log log = mock(Log.class);
        mojo.setLog(log);
        mojo.execute();
        verify(log).info(contains("php.skip"));
        Mockito.verifyNoMoreInteractions(log);
    }

    @Test
    void timeStampsFollowMavensConvention() {
        assertThat(PackageMojo.timestamp("2026-11-21T21:42:00Z", null)).isEqualTo("2026-11-21T21:42:00Z");
        assertThat(PackageMojo.timestamp("2026-11-21T22:42:00+01:00", null)).isEqualTo("2026-11-21T21:42:00Z");
        assertThat(PackageMojo.timestamp("1700000000", null)).isEqualTo(Instant.ofEpochSecond(1_700_000_000L));
        assertThat(PackageMojo.timestamp("x", "1700000000")).isEqualTo(Instant.ofEpochSecond(1_700_000_000L));
        assertThat(PackageMojo.timestamp(null, null)).isEqualTo("1980-01-02T00:00:00Z");
        assertThat(PackageMojo.timestamp("0", null)).isEqualTo("1980-01-02T00:00:00Z");
        assertThat(PackageMojo.timestamp("2200-01-01T00:00:00Z", null)).isEqualTo("2099-12-30T00:00:00Z");
        assertThatThrownBy(() -> PackageMojo.timestamp("yesterday", null)).isInstanceOf(PhpDeployException.class);
    }

    @Test
    void tablesHaveColumns() {
        Table table = new Table("a", "bbb");
        table.row("cc\u001b[1m", "d");
        assertThat(table.lines()).containsExactly("a      bbb", "cc[1m  d");
    }
}
