package io.github.phpdeploy.mojo;

import java.util.Properties;

import io.github.phpdeploy.runtime.frankenphp.ClassicFrankenPhp;
import io.github.phpdeploy.runtime.octane.OctaneRuntime;
import io.github.phpdeploy.runtime.replace.ReplaceRuntime;
import org.apache.maven.api.plugin.testing.Basedir;
import org.apache.maven.api.plugin.testing.InjectMojo;
import org.apache.maven.api.plugin.testing.MojoParameter;
import org.apache.maven.api.plugin.testing.MojoTest;
import org.apache.maven.execution.MavenSession;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** How goals read what is said of FrankenPHP and of Octane. */
@MojoTest
class AppServerParametersTest {

    private static final String POM = "src/test/resources/mojo/appserver";

    private static DeployMojo prepared(DeployMojo mojo) {
        mojo.session = Mockito.mock(MavenSession.class);
        Mockito.when(mojo.session.getUserProperties()).thenReturn(new Properties());
        return mojo;
    }

    @Test
    @Basedir(POM)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    void aNewFrankenPhpIsStartedUnlessSomethingElseIsSaid(DeployMojo mojo) {
        assertThat(prepared(mojo).runtime()).isInstanceOf(ReplaceRuntime.class);
        assertThat(mojo.runtime().name()).isEqualTo("frankenphp");
    }

    @Test
    @Basedir(POM)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "frankenphpStrategy", value = "none")
    void withoutWorkersItMayStay(DeployMojo mojo) {
        assertThat(prepared(mojo).runtime()).isInstanceOfSatisfying(ClassicFrankenPhp.class, classic -> {
            assertThat(classic.server().sight().siteUrl()).contains("http://127.0.0.1/version");
            assertThat(classic.server().sight().header()).isEqualTo("X-Version");
            assertThat(classic.admin()).hasPort(2020);
        });
    }

    @Test
    @Basedir(POM)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "frankenphpStrategy", value = "reload")
    void aReloadOfFrankenPhpIsRefused(DeployMojo mojo) {
        assertThatThrownBy(prepared(mojo)::runtime)
                .hasMessageContaining("is resolved once")
                .hasMessageContaining("--force loses requests")
                .hasMessageContaining("php.frankenphp.strategy=replace");
    }

    @Test
    @Basedir(POM)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "sudo", value = "true")
    void noneIsStartedAsRoot(DeployMojo mojo) {
        assertThatThrownBy(prepared(mojo)::runtime)
                .hasMessageContaining("a new FrankenPHP would be started as root")
                .hasMessageContaining("-Dphp.replace.start");
    }

    @Test
    @Basedir(POM)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "frankenphpWorker", value = "public/worker.js")
    void aWorkerIsPhp(DeployMojo mojo) {
        assertThatThrownBy(prepared(mojo)::runtime).hasMessageContaining("\"public/worker.js\" is no PHP file");
    }

    @Test
    @Basedir(POM)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "runtime", value = "octane")
    void octaneIsReloadedInPlaceUnlessSomethingElseIsSaid(DeployMojo mojo) {
        assertThat(prepared(mojo).runtime()).isInstanceOf(OctaneRuntime.class);
    }

    @Test
    @Basedir(POM)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "runtime", value = "octane")
    @MojoParameter(name = "octaneStrategy", value = "replace")
    void octaneIsReplacedToo(DeployMojo mojo) {
        assertThat(prepared(mojo).runtime()).isInstanceOf(ReplaceRuntime.class);
        assertThat(mojo.runtime().name()).isEqualTo("octane");
    }

    @Test
    @Basedir(POM)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "runtime", value = "octane")
    @MojoParameter(name = "octaneServer", value = "apache")
    void anUnknownServerIsRefused(DeployMojo mojo) {
        assertThatThrownBy(prepared(mojo)::runtime)
                .hasMessageContaining("no server \"apache\"")
                .hasMessageContaining("php.octane.server");
    }

    @Test
    @Basedir(POM)
    @InjectMojo(goal = "deploy", pom = "pom.xml")
    @MojoParameter(name = "runtime", value = "octane")
    @MojoParameter(name = "octaneStateFile", value = "storage/logs/state.json")
    void aStateFileIsAbsolute(DeployMojo mojo) {
        assertThatThrownBy(prepared(mojo)::runtime)
                .hasMessageContaining("php.octane.stateFile \"storage/logs/state.json\" is not absolute");
    }
}
