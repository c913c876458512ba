package io.github.phpdeploy.mojo;

import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import javax.inject.Inject;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.archive.Selection;
import io.github.phpdeploy.deploy.DeployRequest;
import io.github.phpdeploy.deploy.Deployer;
import io.github.phpdeploy.deploy.Hooks;
import io.github.phpdeploy.deploy.HostConnector;
import io.github.phpdeploy.deploy.Planner;
import io.github.phpdeploy.deploy.Rollout;
import io.github.phpdeploy.deploy.Shared;
import io.github.phpdeploy.deploy.Writable;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;

/**
 * Puts the application live: sends what changed to a new release directory on every host, switches {@code current} to it
 * atomically, reloads the PHP runtime, checks that the site is healthy, and undoes all of it when it is not.
 */
@Mojo(name = "deploy", defaultPhase = LifecyclePhase.DEPLOY, threadSafe = true)
public class DeployMojo extends AbstractSwitchMojo {

    /** The application's root. */
    @Parameter(property = "php.sourceDirectory", defaultValue = "${project.basedir}")
    private File sourceDirectory;

    /** What belongs to the application, as Ant patterns; everything unless set. */
    @Parameter
    private List<String> includes = new ArrayList<>();

    /** What does not belong to the application, as Ant patterns; a directory is left out with all that it holds. */
    @Parameter
    private List<String> excludes = new ArrayList<>();

    /** Whether version control, IDE files, {@code .env*}, {@code node_modules}, the POM and the like are left out. */
    @Parameter(property = "php.useDefaultExcludes", defaultValue = "true")
    private boolean useDefaultExcludes;

    /**
     * In what order hosts are switched once all are ready: {@code all} together, or {@code rolling}, a batch after the other, each
     * healthy before the next. What fails anywhere is undone on every host that was switched.
     */
    @Parameter(property = "php.strategy", defaultValue = "all")
    private String strategy;

    /** How many hosts are switched at a time by {@code rolling}: a number, or percent of all ({@code 25%}). 1 unless set. */
    @Parameter(property = "php.batch")
    private String batch;

    /** How many seconds to wait after each batch but the last. */
    @Parameter(property = "php.pause", defaultValue = "0")
    private int pause;

    /**
     * A command that is run on a host before it is switched, so that its load balancer sends it no requests; with
     * {@code php.undrain}.
     */
    @Parameter(property = "php.drain")
    private String drain;

    /** A command that is run there when it is healthy, or was switched back, so that it gets requests again. */
    @Parameter(property = "php.undrain")
    private String undrain;

    /** The release's name; made from the time and the commit unless set. */
    @Parameter(property = "php.release")
    private String release;

    /** How many good releases are kept on the host, the current one among them. */
    @Parameter(property = "php.keepReleases", defaultValue = "5")
    private int keepReleases;

    /**
     * What survives releases and is linked into each of them: {@code <dirs>} and {@code <files>}. A missing directory is
     * made; a missing file is an error, unless its {@code <file>} names a {@code <template>} beside its {@code <path>}.
     */
    @Parameter
    private SharedBean shared;

    /**
     * What the running application writes into: {@code <dirs>}, with a {@code <mode>} (default 0775) or accounts in
     * {@code <acl>}.
     */
    @Parameter
    private WritableBean writable;

    /**
     * Commands that run on the hosts, {@code <beforeActivation>} and {@code <afterActivation>}: {@code <hook>} elements
     * with a {@code <command>} and {@code <once>}, for the first host only.
     */
    @Parameter
    private HooksBean hooks;

    /**
     * Whether to leave, in the background, a clone of the new release on the host, for the next one to start from. It
     * shares the release's bytes, and is left out where the file system cannot share them.
     */
    @Parameter(property = "php.warm", defaultValue = "true")
    private boolean warm;

    /** Where what saves time next time is kept on this machine: hashes of files, and what hosts have. */
    @Parameter(property = "php.cacheDirectory", defaultValue = "${project.build.directory}/php-deploy/cache")
    private File cacheDirectory;

    /** How many seconds a hook may take. */
    @Parameter(property = "php.hookTimeout", defaultValue = "600")
    private int hookTimeout;

    /** Whether hosts check the syntax of changed {@code .php} files ({@code php -l}) before anything is activated. */
    @Parameter(property = "php.lint", defaultValue = "false")
    private boolean lint;

    /** Whether to say exactly what would be sent, switched, reloaded and removed, and to change nothing. */
    @Parameter(property = "php.dryRun", defaultValue = "false")
    private boolean dryRun;

    /** Runs {@code composer install} first: {@code <executable>} and further {@code <options>}. */
    @Parameter
    private ComposerBean composer;

    /**
     * The goal.
     *
     * @param decrypter decrypts passwords of settings.xml
     */
    @Inject
    public DeployMojo(SettingsDecrypter decrypter) {
        super(decrypter);
    }

    @Override
    void run() {
        if (project.getPackaging().equals("pom") && !project.getModules().isEmpty()) {
            getLog().info("Nothing to deploy: this project only holds modules");
            return;
        }
        switchHosts("deploy", log -> {
            DeployRequest request = request();
            ComposerStep.run(composer, sourceDirectory.toPath(), getLog());
            return dryRun
                    ? new Planner(HostConnector.STANDARD, log).plan(request)
                    : new Deployer(HostConnector.STANDARD, log).deploy(request);
        });
    }

    DeployRequest request() {
        if (keepReleases < 1) {
            throw new PhpDeployException(
                    "php.keepReleases is " + keepReleases, "keep at least 1 release, the current one");
        }
        Shared linked = shared == null ? Shared.none() : shared.toShared(sourceDirectory);
        Duration limit = seconds("php.hookTimeout", hookTimeout);
        return new DeployRequest(
                sourceDirectory.toPath(),
                new Selection(includes, excludes, useDefaultExcludes, List.of())
                        .without(BuildOutput.inside(sourceDirectory, project)),
                targets(),
                fleet(),
                Rollout.of(strategy, batch, seconds("php.pause", pause), drain, undrain),
                Optional.ofNullable(release).map(String::strip).filter(id -> !id.isEmpty()),
                project.getVersion(),
                initiator(),
                cacheDirectory.toPath(),
                warm,
                keepReleases,
                lockWait(),
                linked,
                writable == null ? Writable.none() : writable.toWritable(),
                hooks == null ? Hooks.none() : hooks.toHooks(limit),
                runtime(),
                health(),
                lint);
    }
}
