package io.github.phpdeploy.mojo;

import java.util.LinkedHashMap;
import java.util.Map;

import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;

/** What goals need for runtimes that a command reloads: any, and RoadRunner. */
abstract class AbstractCommandMojo extends AbstractModPhpMojo {

    /**
     * Any runtime that one command reloads: {@code reload}; {@code url}, a page that shows which release it executes; {@code
     * preview}, a command that tries a release.
     */
    @Parameter
    private CommandBean command;

    /** Same as {@code <command><reload>}: the command that has the server execute what {@code current} leads to. */
    @Parameter(property = "php.command.reload")
    private String commandReload;

    /**
     * Same as {@code <command><url>}: a page, asked from the host itself, that shows which release is executed. Without it
     * nothing is proved.
     */
    @Parameter(property = "php.command.url")
    private String commandUrl;

    /** Same as {@code <command><releaseHeader>}: the header field that names the release; {@code X-Release} unless set. */
    @Parameter(property = "php.command.releaseHeader")
    private String commandReleaseHeader;

    /** Same as {@code <command><releaseBody>}: a regular expression whose first group finds the release in the body. */
    @Parameter(property = "php.command.releaseBody")
    private String commandReleaseBody;

    /**
     * Same as {@code <command><preview>}: a command that runs in the new release's directory, with {@code release} and {@code
     * releasePath} in its variables, and must exit with 0 within {@code php.reloadTimeout} seconds, or the release does not
     * become current; such as {@code php artisan about}.
     */
    @Parameter(property = "php.command.preview")
    private String commandPreview;

    /**
     * RoadRunner: {@code config}, its configuration on the host; {@code url}, a page that shows which release it executes;
     * {@code preview}, a command that tries a release; and {@code program}, {@code longestRequest}.
     */
    @Parameter
    private RoadRunnerBean roadrunner;

    /** Same as {@code <roadrunner><program>}: the name or path of {@code rr} on the host; {@code rr} unless set. */
    @Parameter(property = "php.roadrunner.program")
    private String roadrunnerProgram;

    /** Same as {@code <roadrunner><config>}: the absolute path of {@code .rr.yaml} on the host. */
    @Parameter(property = "php.roadrunner.config")
    private String roadrunnerConfig;

    /** Same as {@code <roadrunner><url>}: a page, asked from the host itself, that shows which release is executed. */
    @Parameter(property = "php.roadrunner.url")
    private String roadrunnerUrl;

    /** Same as {@code <roadrunner><releaseHeader>}: the header field that names the release; {@code X-Release} unless set. */
    @Parameter(property = "php.roadrunner.releaseHeader")
    private String roadrunnerReleaseHeader;

    /** Same as {@code <roadrunner><releaseBody>}: a regular expression whose first group finds the release in the body. */
    @Parameter(property = "php.roadrunner.releaseBody")
    private String roadrunnerReleaseBody;

    /**
     * Same as {@code <roadrunner><preview>}: a command that runs in the new release's directory, with {@code release} and
     * {@code releasePath} in its variables, and must exit with 0 within {@code php.reloadTimeout} seconds, or the release does
     * not become current; such as {@code php artisan about}. RoadRunner ends old workers before new ones have started.
     */
    @Parameter(property = "php.roadrunner.preview")
    private String roadrunnerPreview;

    /** Same as {@code <roadrunner><longestRequest>}: how many seconds the longest request takes that must not be lost. */
    @Parameter(property = "php.roadrunner.longestRequest")
    private Integer roadrunnerLongestRequest;

    AbstractCommandMojo(SettingsDecrypter decrypter) {
        super(decrypter);
    }

    /** The element, with what the properties say. */
    CommandBean command() {
        Map<String, String> given = new LinkedHashMap<>();
        given.put("reload", commandReload);
        given.put("url", commandUrl);
        given.put("releaseHeader", commandReleaseHeader);
        given.put("releaseBody", commandReleaseBody);
        given.put("preview", commandPreview);
        return (command == null ? new CommandBean() : command).with(given);
    }

    /** The same for RoadRunner. */
    RoadRunnerBean roadrunner() {
        Map<String, String> given = new LinkedHashMap<>();
        given.put("program", roadrunnerProgram);
        given.put("config", roadrunnerConfig);
        given.put("url", roadrunnerUrl);
        given.put("releaseHeader", roadrunnerReleaseHeader);
        given.put("releaseBody", roadrunnerReleaseBody);
        given.put("preview", roadrunnerPreview);
        return (roadrunner == null ? new RoadRunnerBean() : roadrunner).with(given, roadrunnerLongestRequest);
    }
}
