package io.github.phpdeploy.mojo;

import java.util.LinkedHashMap;
import java.util.Map;

import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;

/** What goals need to reload an Apache that executes PHP itself. */
abstract class AbstractModPhpMojo extends AbstractReplaceMojo {

    /**
     * Apache with mod_php: {@code service} (its systemd unit), {@code pidFile} or {@code command} (a command that reloads it
     * gracefully), {@code test} (a command that tests its configuration), and {@code url}, which shows the release that it executes. With none of
     * the first three the only Apache that runs is reloaded by signal.
     */
    @Parameter
    private ModPhpBean modphp;

    /** Same as {@code <modphp><service>}: Apache's systemd unit, such as {@code apache2}. */
    @Parameter(property = "php.modphp.service")
    private String modphpService;

    /** Same as {@code <modphp><pidFile>}: what {@code PidFile} says in Apache's configuration. */
    @Parameter(property = "php.modphp.pidFile")
    private String modphpPidFile;

    /** Same as {@code <modphp><command>}: a command that reloads Apache gracefully, such as {@code apache2ctl graceful}. */
    @Parameter(property = "php.modphp.command")
    private String modphpCommand;

    /** Same as {@code <modphp><test>}: a command that tests Apache's configuration; else its own {@code -t}. */
    @Parameter(property = "php.modphp.test")
    private String modphpTest;

    /** Same as {@code <modphp><url>}: a page, asked from the host itself, that shows which release is executed. */
    @Parameter(property = "php.modphp.url")
    private String modphpUrl;

    /** Same as {@code <modphp><releaseHeader>}: the header field that names the release; {@code X-Release} unless set. */
    @Parameter(property = "php.modphp.releaseHeader")
    private String modphpReleaseHeader;

    /** Same as {@code <modphp><releaseBody>}: a regular expression whose first group finds the release in the body. */
    @Parameter(property = "php.modphp.releaseBody")
    private String modphpReleaseBody;

    /** Same as {@code <modphp><longestRequest>}: how many seconds the longest request takes that must be waited for. */
    @Parameter(property = "php.modphp.longestRequest")
    private Integer modphpLongestRequest;

    AbstractModPhpMojo(SettingsDecrypter decrypter) {
        super(decrypter);
    }

    /** The element, with what the properties say. */
    ModPhpBean modPhp() {
        Map<String, String> given = new LinkedHashMap<>();
        given.put("service", modphpService);
        given.put("pidFile", modphpPidFile);
        given.put("command", modphpCommand);
        given.put("test", modphpTest);
        given.put("url", modphpUrl);
        given.put("releaseHeader", modphpReleaseHeader);
        given.put("releaseBody", modphpReleaseBody);
        return (modphp == null ? new ModPhpBean() : modphp).with(given, modphpLongestRequest);
    }
}
