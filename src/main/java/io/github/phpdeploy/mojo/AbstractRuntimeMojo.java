package io.github.phpdeploy.mojo;

import io.github.phpdeploy.runtime.Runtime;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;

/** What all goals that reload PHP have in common: which runtime, and how it is reloaded. */
abstract class AbstractRuntimeMojo extends AbstractAppServerMojo {

    /**
     * What runs the code: {@code none}, {@code fpm}, {@code swoole}, {@code workerman} (Webman too), {@code roadrunner}, {@code
     * octane}, {@code frankenphp}, {@code modphp} (Apache), {@code replace} or {@code command}, each with its settings in the element of that name.
     */
    @Parameter(property = "php.runtime", defaultValue = "none")
    private String runtime;

    /**
     * PHP-FPM: {@code service} (its systemd unit), {@code pidFile} or {@code command} (a command that reloads it), and
     * {@code test} (a command that tests its configuration instead of {@code php-fpm -t}). With none of the first three
     * the only master that runs is reloaded by signal.
     */
    @Parameter
    private FpmBean fpm;

    /** Same as {@code <fpm><service>}. */
    @Parameter(property = "php.fpm.service")
    private String fpmService;

    /** Same as {@code <fpm><pidFile>}. */
    @Parameter(property = "php.fpm.pidFile")
    private String fpmPidFile;

    /** Same as {@code <fpm><socket>}: the pool's socket, a path or {@code host:port}. */
    @Parameter(property = "php.fpm.socket")
    private String fpmSocket;

    /** Same as {@code <fpm><command>}. */
    @Parameter(property = "php.fpm.command")
    private String fpmCommand;

    /** Same as {@code <fpm><test>}. */
    @Parameter(property = "php.fpm.test")
    private String fpmTest;

    /**
     * Same as {@code <fpm><strategy>}: how FPM is brought to run another release. {@code auto} takes what loses no request, by
     * what is found; {@code none} reloads nothing; {@code reload} reloads gracefully; {@code reset} resets OPcache in FPM;
     * {@code replace} starts a new master beside the old one, with settings in {@code <replace>}.
     */
    @Parameter(property = "php.fpm.strategy")
    private String fpmStrategy;

    /** Same as {@code <fpm><longestRequest>}: how many seconds the longest request takes that must not be cut off. */
    @Parameter(property = "php.fpm.longestRequest")
    private Integer fpmLongestRequest;

    /** Same as {@code <fpm><entry>}: the front controller's path in the application; {@code public/index.php} or the like. */
    @Parameter(property = "php.fpm.entry")
    private String fpmEntry;

    /**
     * Same as {@code <fpm><preview>}: a path that a release must answer through its front controller before it becomes
     * current, with status 200 or {@code <previewStatus>}.
     */
    @Parameter(property = "php.fpm.preview")
    private String fpmPreview;

    /** Same as {@code <fpm><probeDirectory>}: where on the host the script lies that asks FPM; the deploy path unless set. */
    @Parameter(property = "php.fpm.probeDirectory")
    private String fpmProbeDirectory;

    /** Same as {@code <fpm><program>}: the php-fpm of a new master, for the strategy {@code replace}. */
    @Parameter(property = "php.fpm.program")
    private String fpmProgram;

    /** Same as {@code <fpm><config>}: the new master's configuration on the host, with {@code @{color}} in its path. */
    @Parameter(property = "php.fpm.config")
    private String fpmConfig;

    /** Same as {@code <fpm><template>}: a file on the host that it is made from, with <code>${socket}</code> in it. */
    @Parameter(property = "php.fpm.template")
    private String fpmTemplate;

    /**
     * Swoole: {@code pidFile} or {@code pidCommand} say which process its master is, {@code url} shows which release it
     * executes.
     */
    @Parameter
    private ResidentBean swoole;

    /** Same as {@code <swoole><pidFile>}: where the server writes its master's process id. */
    @Parameter(property = "php.swoole.pidFile")
    private String swoolePidFile;

    /** Same as {@code <swoole><pidCommand>}: a command that prints the master's process id. */
    @Parameter(property = "php.swoole.pidCommand")
    private String swoolePidCommand;

    /** Same as {@code <swoole><url>}: a page, asked from the host itself, that shows which release is executed. */
    @Parameter(property = "php.swoole.url")
    private String swooleUrl;

    /** Same as {@code <swoole><releaseHeader>}: the header field that names the release; {@code X-Release} unless set. */
    @Parameter(property = "php.swoole.releaseHeader")
    private String swooleReleaseHeader;

    /** Same as {@code <swoole><releaseBody>}: a regular expression whose first group finds the release in the body. */
    @Parameter(property = "php.swoole.releaseBody")
    private String swooleReleaseBody;

    /** Same as {@code <swoole><longestRequest>}: how many seconds the longest request takes that must not be cut off. */
    @Parameter(property = "php.swoole.longestRequest")
    private Integer swooleLongestRequest;

    /** Same as {@code <swoole><maxWaitTime>}: the server's {@code max_wait_time} in seconds, where it does not show it. */
    @Parameter(property = "php.swoole.maxWaitTime")
    private Integer swooleMaxWaitTime;

    /** Same as {@code <swoole><kept>}: a regular expression for the titles of workers that no reload replaces. */
    @Parameter(property = "php.swoole.kept")
    private String swooleKept;

    /** Same as {@code <swoole><strategy>}: {@code auto}, {@code reload} or {@code replace}: how the server is brought to run another release. */
    @Parameter(property = "php.swoole.strategy")
    private String swooleStrategy;

    /**
     * Workerman and Webman: {@code pidFile} or {@code pidCommand} say which process its master is, {@code url} shows which release it
     * executes.
     */
    @Parameter
    private ResidentBean workerman;

    /** Same as {@code <workerman><pidFile>}: where the server writes its master's process id. */
    @Parameter(property = "php.workerman.pidFile")
    private String workermanPidFile;

    /** Same as {@code <workerman><pidCommand>}: a command that prints the master's process id. */
    @Parameter(property = "php.workerman.pidCommand")
    private String workermanPidCommand;

    /** Same as {@code <workerman><url>}: a page, asked from the host itself, that shows which release is executed. */
    @Parameter(property = "php.workerman.url")
    private String workermanUrl;

    /** Same as {@code <workerman><releaseHeader>}: the header field that names the release; {@code X-Release} unless set. */
    @Parameter(property = "php.workerman.releaseHeader")
    private String workermanReleaseHeader;

    /** Same as {@code <workerman><releaseBody>}: a regular expression whose first group finds the release in the body. */
    @Parameter(property = "php.workerman.releaseBody")
    private String workermanReleaseBody;

    /** Same as {@code <workerman><longestRequest>}: how many seconds the longest request takes that must not be cut off. */
    @Parameter(property = "php.workerman.longestRequest")
    private Integer workermanLongestRequest;

    /** Same as {@code <workerman><kept>}: a regular expression for the titles of workers that no reload replaces. */
    @Parameter(property = "php.workerman.kept")
    private String workermanKept;

    /** Same as {@code <workerman><strategy>}: {@code auto}, {@code reload} or {@code replace}: how the server is brought to run another release. */
    @Parameter(property = "php.workerman.strategy")
    private String workermanStrategy;

    /** Whether reload commands and signals go through {@code sudo -n}. */
    @Parameter(property = "php.sudo", defaultValue = "false")
    private boolean sudo;

    /** How many seconds a reload may take until the last old worker is gone. */
    @Parameter(property = "php.reloadTimeout", defaultValue = "60")
    private int reloadTimeout;

    /** How many seconds the runtime may take to show that it executes the new release. */
    @Parameter(property = "php.proveTimeout", defaultValue = "30")
    private int proveTimeout;

    /** Whether to go on where the runtime cannot be switched without losing requests, or without proof. */
    @Parameter(property = "php.allowDrops", defaultValue = "false")
    private boolean allowDrops;

    AbstractRuntimeMojo(SettingsDecrypter decrypter) {
        super(decrypter);
    }

    Runtime runtime() {
        FpmBean merged = (fpm == null ? new FpmBean() : fpm)
                .with(fpmService, fpmPidFile, fpmSocket, fpmCommand, fpmTest)
                .asking(fpmStrategy, fpmLongestRequest, fpmEntry, fpmPreview, fpmProbeDirectory)
                .pair(fpmProgram, fpmConfig, fpmTemplate);
        return Runtimes.named(
                runtime,
                new Runtimes.Beans(
                        merged,
                        swooleMerged(),
                        workermanMerged(),
                        modPhp(),
                        replace(),
                        frankenphp(),
                        octane(),
                        command(),
                        roadrunner()),
                new Runtimes.Common(
                        sudo,
                        seconds("php.reloadTimeout", reloadTimeout),
                        seconds("php.proveTimeout", proveTimeout),
                        drainLimit(),
                        allowDrops));
    }

    private ResidentBean swooleMerged() {
        return (swoole == null ? new ResidentBean() : swoole)
                .found(swoolePidFile, swoolePidCommand, swooleKept, swooleStrategy)
                .shown(swooleUrl, swooleReleaseHeader, swooleReleaseBody)
                .timed(swooleLongestRequest, swooleMaxWaitTime);
    }

    private ResidentBean workermanMerged() {
        return (workerman == null ? new ResidentBean() : workerman)
                .found(workermanPidFile, workermanPidCommand, workermanKept, workermanStrategy)
                .shown(workermanUrl, workermanReleaseHeader, workermanReleaseBody)
                .timed(workermanLongestRequest, null);
    }
}
