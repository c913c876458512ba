package io.github.phpdeploy.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.phpdeploy.host.HostAddress;
import io.github.phpdeploy.it.RoadRunner;
import io.github.phpdeploy.runtime.Finding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What goes wrong with RoadRunner: never is success reported while old code is served, the doctor sees it, and is silent where all
 * is well. On a stand-in; see {@link RoadRunner}.
 */
@Timeout(60)
class RoadRunnerTrapsIT {

    @TempDir
    Path temp;

    private RoadRunnerDeploys site;

    @BeforeEach
    void site() {
        site = new RoadRunnerDeploys(
                temp,
                new Target(
                        HostAddress.parse("local"),
                        Optional.empty(),
                        temp.resolve("srv/shop").toString()));
    }

    @AfterEach
    void end() {
        site.close();
    }

    private static void assertSeen(List<Finding> findings, String what, boolean harmful) {
        assertThat(findings).anyMatch(finding -> finding.what().contains(what) && finding.harmful() == harmful);
    }

    @Test
    void newCodeIsProved() throws IOException {
        site.deployNext();
        assertThat(site.said).anyMatch(line -> line.contains("RoadRunner does not run yet"));
        site.start(
                temp.resolve("server"),
                "php -d memory_limit=64M " + site.current() + "/server.php",
                RoadRunnerDeploys.POOL);
        assertThat(site.findings()).isEmpty();
        site.deployNext();
        assertThat(site.said)
                .anyMatch(line -> line.contains("4 old RoadRunner workers gone, 4 new ones up"))
                .anyMatch(line -> line.matches(".* new connections to 4 workers show 20[0-9-]+.*"))
                .anyMatch(line -> line.contains("php.roadrunner.preview \"php -l app.php\" succeeded"))
                .noneMatch(line -> line.startsWith("WARN"));
        assertThat(site.server.get()).isEqualTo("v2 v2 v2 end");
        assertThat(site.findings()).isEmpty();
        assertThat(site.inUse()).containsExactly(site.release());
    }

    /** A relative path, the working directory, the release's own path: new workers would run the old release. */
    @ParameterizedTest
    @CsvSource({
        "php server.php, -w, ', which lies in release '",
        "php CURRENT/server.php, -w, ' as working directory'",
        "php RELEASE/server.php, '', ', which lies in release '"
    })
    void aMasterThatIsBoundToAReleaseIsRefused(String command, String option, String what) throws IOException {
        site.deployNext();
        String first = site.release();
        String real = command.replace("CURRENT", site.current().toString())
                .replace("RELEASE", site.current().toRealPath().toString());
        String[] options = option.isEmpty()
                ? new String[0]
                : new String[] {option, site.current().toString()};
        site.start(temp.resolve("server"), real, RoadRunnerDeploys.POOL, options);
        assertSeen(site.findings(), what.strip(), true);
        assertThat(site.failNext())
                .contains(what)
                .contains("name the worker by its absolute path through " + site.target.deployPath() + "/current")
                .contains("nothing was switched: " + first + " is still current");
    }

    @Test
    void aReleaseWhoseWorkersDoNotStartIsUndone() throws IOException {
        site.deployNext();
        String first = site.release();
        site.start(
                temp.resolve("server"),
                "php " + site.current() + "/server.php",
                "reset_timeout: 1s\nallocate_timeout: 1s");
        site.longest = 1;
        site.next();
        Files.writeString(temp.resolve("app/app.php"), "<?php exit(1);");
        DeployResult result = site.deploy();
        assertThat(result).isInstanceOf(DeployResult.Failure.class);
        assertThat(((DeployResult.Failure) result).cause().getMessage())
                .contains("was reset and its old workers are gone, but new ones did not start")
                .contains("have php.roadrunner.preview try a release");
        assertThat(site.release()).isEqualTo(first);
        assertThat(site.server.get()).isEqualTo("v1 v1 v1 end");
        // with a preview it does not come that far
        site.preview = "test \"$(php server.php </dev/null)\" = ready";
        result = site.deploy();
        assertThat(((DeployResult.Failure) result).cause().getMessage())
                .contains("php.roadrunner.preview")
                .contains("failed in release 2")
                .contains("nothing was switched: " + first + " is still current");
    }

    /** Code that new workers do not find by current is seen by what they show; with the table as RoadRunner printed it before 2025. */
    @Test
    void oldCodeInNewWorkersIsUndone() throws IOException {
        site.deployNext();
        String first = site.release();
        Path outside = Files.writeString(
                temp.resolve("worker.php"), "<?php require '" + site.current().toRealPath() + "/server.php';");
        site.start(temp.resolve("server"), "php " + outside, RoadRunnerDeploys.POOL + "\ntable: ascii");
        site.patience = 1;
        assertThat(site.failNext())
                .contains("RoadRunner on local executes code of release " + first + ", not 2")
                .contains("also in new workers");
        assertThat(site.release()).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource({
        "reset_timeout, 1s, 2, 'http.pool.reset_timeout of RoadRunner on local is 1.0 s, and requests may take 2 s'",
        "allocate_timeout, 1500ms, 2, 'http.pool.allocate_timeout of RoadRunner on local is 1.5 s'",
        "reset_timeout, '', 70, 'http.pool.reset_timeout of RoadRunner on local is 60.0 s, and requests may take 70 s'"
    })
    void timesThatAreTooShortAreRefused(String name, String value, int longest, String what) throws IOException {
        site.deployNext();
        String pool = value.isEmpty() ? "allocate_timeout: 3m" : name + ": " + value + " # short";
        site.start(temp.resolve("server"), "php " + site.current() + "/server.php", pool);
        site.longest = longest;
        assertSeen(site.findings(), what, true);
        assertThat(site.failNext())
                .contains(what)
                .contains("set it to " + longest + "s or more")
                .contains("-Dphp.allowDrops goes on all the same")
                .contains("nothing was switched");
        site.longest = 1;
        assertThat(site.findings()).isEmpty();
    }

    @Test
    void whatIsNotKnownIsTold() throws IOException {
        site.deployNext();
        site.server = RoadRunner.start(
                temp.resolve("server"),
                "php " + site.current() + "/server.php",
                "reset_timeout: ${RESET_TIMEOUT}\nallocate_timeout: 3s",
                Map.of("WORKERS", "4", "SHOWS", "nothing"));
        site.preview = null;
        assertSeen(site.findings(), "the http.pool.reset_timeout of RoadRunner on local is not known", false);
        assertSeen(site.findings(), "php.roadrunner.preview is not set", false);
        assertSeen(site.findings(), "does not say which release answers", false);
        site.longest = 0;
        assertSeen(site.findings(), "how long the longest request takes is not known", false);
        site.program = "/nowhere/rr";
        assertSeen(site.findings(), "there is no program \"/nowhere/rr\"", true);
    }

    @Test
    void aServerThatIsNotThereIsRefused() throws IOException {
        site.deployNext();
        Files.createDirectories(temp.resolve("server"));
        Files.writeString(
                RoadRunner.config(temp.resolve("server")),
                "version: \"3\"\nrpc:\n  listen: unix://" + temp.resolve("none.sock") + "\n");
        assertSeen(site.findings(), "rr workers -c " + temp.resolve("server/.rr.yaml") + "\" failed on local", true);
        assertThat(site.failNext())
                .contains("dial unix://")
                .contains("start RoadRunner, or correct php.roadrunner.config")
                .contains("nothing was switched");
    }
}
