package io.github.phpdeploy.mojo;

import java.io.File;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.deploy.DeployLog;
import io.github.phpdeploy.deploy.DeployResult;
import io.github.phpdeploy.deploy.FleetRules;
import io.github.phpdeploy.deploy.Initiator;
import io.github.phpdeploy.deploy.LogWords;
import io.github.phpdeploy.deploy.ResultFile;
import io.github.phpdeploy.probe.HealthCheck;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;

/** What all goals that switch hosts to another release have in common: health, the lock, and the result file. */
abstract class AbstractSwitchMojo extends AbstractRuntimeMojo {

    /**
     * How to find out whether the site serves: {@code url}, {@code status} (default 200), {@code body}, a regular
     * expression that must be found in the answer, and {@code header}, such as {@code X-Release: @release@}. In both,
     * {@code @release@} stands for the release that must answer. Asked from the host itself.
     */
    @Parameter
    private HealthBean health;

    /** Same as {@code <health><url>}. */
    @Parameter(property = "php.healthUrl")
    private String healthUrl;

    /** Same as {@code <health><body>}. */
    @Parameter(property = "php.healthBody")
    private String healthBody;

    /** Same as {@code <health><header>}. */
    @Parameter(property = "php.healthHeader")
    private String healthHeader;

    /** How many seconds the site may take to become healthy. */
    @Parameter(property = "php.healthTimeout", defaultValue = "30")
    private int healthTimeout;

    /** How many seconds to wait for another deploy to the same place to end. */
    @Parameter(property = "php.lockWait", defaultValue = "0")
    private int lockWait;

    /**
     * How many hosts are connected to, sent to and prepared at a time. From the moment when all are ready they are switched
     * together, however many they are.
     */
    @Parameter(property = "php.parallel", defaultValue = "20")
    private int parallel;

    /**
     * What to do when a host does not answer: {@code fail}, before anything is switched anywhere, or {@code skip} it, which is
     * said at the end; the next deploy brings it up to date.
     */
    @Parameter(property = "php.unreachable", defaultValue = "fail")
    private String unreachable;

    /** How many hosts must answer for others to be skipped: a number, or percent of all ({@code 80%}). 1 unless set. */
    @Parameter(property = "php.minHosts")
    private String minHosts;

    /** Where the outcome is written as JSON, on success and on failure. */
    @Parameter(property = "php.resultFile", defaultValue = "${project.build.directory}/php-deploy/result.json")
    private File resultFile;

    AbstractSwitchMojo(SettingsDecrypter decrypter) {
        super(decrypter);
    }

    Optional<HealthCheck> health() {
        return (health == null ? new HealthBean() : health)
                .with(healthUrl, healthBody, healthHeader)
                .toCheck(seconds("php.healthTimeout", healthTimeout));
    }

    Duration lockWait() {
        return seconds("php.lockWait", lockWait);
    }

    FleetRules fleet() {
        return FleetRules.of(parallel, unreachable, minHosts);
    }

    Initiator initiator() {
        return Initiator.of(System.getenv());
    }

    /** Does it, and leaves a result file in any case. */
    void switchHosts(String action, Function<DeployLog, DeployResult> work) {
        DeployResult result;
        try {
            result = work.apply(new LogWords(sink()));
        } catch (PhpDeployException e) {
            PhpDeployException told = e.withState("nothing was changed on any host");
            ResultFile.write(action, told, resultFile.toPath());
            throw told;
        }
        ResultFile.write(result, resultFile.toPath());
        if (result instanceof DeployResult.Failure failure) {
            throw failure.cause();
        }
    }
}
