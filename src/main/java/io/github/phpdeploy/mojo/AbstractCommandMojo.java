package io.github.phpdeploy.mojo;

import java.util.LinkedHashMap;
import java.util.Map;

import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;

/** What goals need for runtimes that a command reloads. */
abstract class AbstractCommandMojo extends AbstractReplaceMojo {

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
}
