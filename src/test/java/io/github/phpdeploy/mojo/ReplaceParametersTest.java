package io.github.phpdeploy.mojo;

import java.time.Duration;
import java.util.Optional;
import java.util.Properties;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.runtime.replace.ReplaceRuntime;
import io.github.phpdeploy.runtime.replace.ReplaceSettings;
import io.github.phpdeploy.runtime.replace.Seat;
import org.apache.maven.api.plugin.testing.Basedir;
import org.apache.maven.api.plugin.testing.InjectMojo;
import org.apache.maven.api.plugin.testing.MojoParameter;
import org.apache.maven.api.plugin.testing.MojoTest;
import org.apache.maven.execution.MavenSession;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** How goals read what is said of two masters. */
@MojoTest
class ReplaceParametersTest {

    private static final String REPLACE = "src/test/resources/mojo/replace";
    private static final ReplaceSettings.Limits LIMITS =
            new ReplaceSettings.Limits(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3));

    private static void prepare(AbstractHostMojo mojo) {
        mojo.session = Mockito.mock(MavenSession.class);
        Mockito.when(mojo.session.getUserProperties()).thenReturn(new Properties());
    }

    @Test
    @Basedir(REPLACE)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    void everythingInThePomArrives(DeployMojo mojo) {
        prepare(mojo);
        ReplaceSettings settings = mojo.replace().toSettings("TERM", true, true, LIMITS);
        assertThat(settings.seats()).containsExactly(new Seat("blue", "8001"), new Seat("green", "8002"));
        assertThat(settings.start()).contains("systemctl start shop@${port}");
        assertThat(settings.stop()).contains("systemctl stop shop@${port}");
        assertThat(settings.upstream().content()).contains("server 127.0.0.1:${port};");
        assertThat(settings.upstream().service()).contains("nginx");
        assertThat(settings.sudo()).isTrue();
        assertThat(mojo.replace().toServer(Duration.ZERO).sight().body()).contains("release ${release}$");
        assertThat(mojo.drainLimit()).isEqualTo(Duration.ofSeconds(90));
        assertThat(mojo.runtime()).isInstanceOf(ReplaceRuntime.class);
        assertThat(mojo.runtime().name()).isEqualTo("replace");
        assertThat(mojo.runtime().isExclusive()).isTrue();
    }

    @Test
    @Basedir(REPLACE)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "replacePorts", value = "9001,9002")
    @MojoParameter(name = "replaceSignal", value = "SIGINT")
    void propertiesWin(DeployMojo mojo) {
        prepare(mojo);
        ReplaceSettings settings = mojo.replace().toSettings("TERM", true, false, LIMITS);
        assertThat(settings.seats()).extracting(Seat::address).containsExactly("9001", "9002");
        assertThat(settings.signal()).isEqualTo("INT");
        assertThat(settings.start()).contains("systemctl start shop@${port}");
    }

    @Test
    @Basedir(REPLACE)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "runtime", value = "fpm")
    void phpFpmIsReplacedToo(DeployMojo mojo) {
        prepare(mojo);
        assertThat(mojo.runtime()).isInstanceOf(ReplaceRuntime.class);
        assertThat(mojo.runtime().name()).isEqualTo("fpm");
    }

    @Test
    @Basedir(REPLACE)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "runtime", value = "swoole")
    @MojoParameter(name = "swooleStrategy", value = "replace")
    void residentServersAreReplacedToo(DeployMojo mojo) {
        prepare(mojo);
        assertThat(mojo.runtime()).isInstanceOf(ReplaceRuntime.class);
        assertThat(mojo.runtime().name()).isEqualTo("swoole");
    }

    @Test
    @Basedir(REPLACE)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "runtime", value = "fpm")
    @MojoParameter(name = "fpmTemplate", value = "/etc/php/8.2/fpm/shop.conf")
    void twoWaysToConfigureAreOneTooMany(DeployMojo mojo) {
        prepare(mojo);
        assertThatThrownBy(mojo::runtime)
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("both php.fpm.config and php.fpm.template are set");
    }

    @Test
    @Basedir(REPLACE)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "replaceSockets", value = "/run/a.sock,/run/b.sock")
    void portsAndSocketsAreOneTooMany(DeployMojo mojo) {
        prepare(mojo);
        assertThatThrownBy(mojo::runtime)
                .hasMessageContaining("both php.replace.ports and php.replace.sockets are set");
    }

    @Test
    @Basedir("src/test/resources/mojo/plain")
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "runtime", value = "replace")
    void whatIsMissingIsTold(DeployMojo mojo) {
        prepare(mojo);
        assertThatThrownBy(mojo::runtime).hasMessageContaining("-Dphp.replace.start");
        assertThat(Optional.of(mojo.drainLimit())).contains(Duration.ofSeconds(60));
    }
}
