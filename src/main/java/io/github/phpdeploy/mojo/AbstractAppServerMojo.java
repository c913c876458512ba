package io.github.phpdeploy.mojo;

import java.util.LinkedHashMap;
import java.util.Map;

import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;

/** What goals need to know of FrankenPHP and of Laravel Octane. */
abstract class AbstractAppServerMojo extends AbstractCommandMojo {

    /**
     * FrankenPHP: {@code strategy}, and {@code worker} or {@code config} for a new one beside the old one, with the rest of the settings
     * in {@code <replace>}.
     */
    @Parameter
    private FrankenPhpBean frankenphp;

    /**
     * Same as {@code <frankenphp><strategy>}: {@code auto} and {@code replace} start a new FrankenPHP for each release, with settings in
     * {@code <replace>}; {@code none} reloads nothing, where there are no workers, and has the page at {@code url} prove it.
     */
    @Parameter(property = "php.frankenphp.strategy")
    private String frankenphpStrategy;

    /** Same as {@code <frankenphp><program>}: the program on the host; {@code frankenphp}. */
    @Parameter(property = "php.frankenphp.program")
    private String frankenphpProgram;

    /**
     * Same as {@code <frankenphp><worker>}: the worker script's path in the application, {@code public/index.php} unless set, whose
     * directory is the document root; {@code none} serves {@code public} without workers.
     */
    @Parameter(property = "php.frankenphp.worker")
    private String frankenphpWorker;

    /** Same as {@code <frankenphp><config>}: a Caddyfile instead, in the application or, by an absolute path, on the host. */
    @Parameter(property = "php.frankenphp.config")
    private String frankenphpConfig;

    /** Same as {@code <frankenphp><url>}: for {@code none}, a page, asked from the host itself, that shows which release is executed. */
    @Parameter(property = "php.frankenphp.url")
    private String frankenphpUrl;

    /** Same as {@code <frankenphp><releaseHeader>}: for {@code none}, the header with the release's name; {@code X-Release}. */
    @Parameter(property = "php.frankenphp.releaseHeader")
    private String frankenphpReleaseHeader;

    /** Same as {@code <frankenphp><releaseBody>}: for {@code none}, a regular expression for the body instead, with {@code @{release}} in it. */
    @Parameter(property = "php.frankenphp.releaseBody")
    private String frankenphpReleaseBody;

    /** Same as {@code <frankenphp><admin>}: for {@code none}, where Caddy's admin API listens; {@code http://localhost:2019}. */
    @Parameter(property = "php.frankenphp.admin")
    private String frankenphpAdmin;

    /** Laravel Octane: {@code strategy}, {@code url}, which shows the release it executes, and {@code server}. */
    @Parameter
    private OctaneBean octane;

    /**
     * Same as {@code <octane><strategy>}: {@code auto} and {@code reload} have Swoole replace its workers in place, where they are not bound
     * to a release; {@code replace} starts a new Octane for each release, with settings in {@code <replace>}.
     */
    @Parameter(property = "php.octane.strategy")
    private String octaneStrategy;

    /**
     * Same as {@code <octane><server>}: {@code swoole}, {@code roadrunner} or {@code frankenphp}; unless set, what Octane's state file shows,
     * or for a new Octane what {@code config/octane.php} says.
     */
    @Parameter(property = "php.octane.server")
    private String octaneServer;

    /**
     * Same as {@code <octane><stateFile>}: where Octane keeps its state; {@code storage/logs/octane-server-state.json} in the current release, or
     * in {@code shared}.
     */
    @Parameter(property = "php.octane.stateFile")
    private String octaneStateFile;

    /** Same as {@code <octane><program>}: the php that starts a new Octane; {@code php}. */
    @Parameter(property = "php.octane.program")
    private String octaneProgram;

    /** Same as {@code <octane><url>}: a page, asked from the host itself, that shows which release is executed. */
    @Parameter(property = "php.octane.url")
    private String octaneUrl;

    /** Same as {@code <octane><releaseHeader>}: the header field that names the release; {@code X-Release} unless set. */
    @Parameter(property = "php.octane.releaseHeader")
    private String octaneReleaseHeader;

    /** Same as {@code <octane><releaseBody>}: a regular expression whose first group finds the release in the body. */
    @Parameter(property = "php.octane.releaseBody")
    private String octaneReleaseBody;

    /** Same as {@code <octane><kept>}: a regular expression for the titles of workers that no reload replaces. */
    @Parameter(property = "php.octane.kept")
    private String octaneKept;

    /** Same as {@code <octane><longestRequest>}: how many seconds the longest request takes that must not be cut off. */
    @Parameter(property = "php.octane.longestRequest")
    private Integer octaneLongestRequest;

    /** Same as {@code <octane><maxWaitTime>}: Swoole's {@code max_wait_time} in seconds; what the state file shows unless set. */
    @Parameter(property = "php.octane.maxWaitTime")
    private Integer octaneMaxWaitTime;

    AbstractAppServerMojo(SettingsDecrypter decrypter) {
        super(decrypter);
    }

    /** The element, with what the properties say. */
    FrankenPhpBean frankenphp() {
        Map<String, String> given = new LinkedHashMap<>();
        given.put("strategy", frankenphpStrategy);
        given.put("program", frankenphpProgram);
        given.put("worker", frankenphpWorker);
        given.put("config", frankenphpConfig);
        given.put("url", frankenphpUrl);
        given.put("releaseHeader", frankenphpReleaseHeader);
        given.put("releaseBody", frankenphpReleaseBody);
        given.put("admin", frankenphpAdmin);
        return (frankenphp == null ? new FrankenPhpBean() : frankenphp).with(given);
    }

    /** The element, with what the properties say. */
    OctaneBean octane() {
        Map<String, String> given = new LinkedHashMap<>();
        given.put("strategy", octaneStrategy);
        given.put("server", octaneServer);
        given.put("stateFile", octaneStateFile);
        given.put("program", octaneProgram);
        given.put("url", octaneUrl);
        given.put("releaseHeader", octaneReleaseHeader);
        given.put("releaseBody", octaneReleaseBody);
        given.put("kept", octaneKept);
        return (octane == null ? new OctaneBean() : octane).with(given, octaneLongestRequest, octaneMaxWaitTime);
    }
}
