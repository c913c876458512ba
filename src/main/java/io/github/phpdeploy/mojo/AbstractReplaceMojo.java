package io.github.phpdeploy.mojo;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;

/**
 * What goals need to replace a master by another. Commands find {@code port}, {@code socket}, {@code color}, {@code release} and
 * {@code releasePath} in their variables, and these may stand as <code>${port}</code> or {@code @{port}} in URLs and files too.
 */
abstract class AbstractReplaceMojo extends AbstractHostMojo {

    /**
     * How a master is replaced by another, for {@code php.runtime=replace} and wherever {@code <strategy>} is {@code replace}:
     * {@code ports} or {@code sockets}, {@code start}, {@code stop}, {@code url}, {@code upstream} and more.
     */
    @Parameter
    private ReplaceBean replace;

    /** Same as {@code <replace><ports>}: two ports, such as {@code 8001,8002}, of which one serves. */
    @Parameter(property = "php.replace.ports")
    private String replacePorts;

    /** Same as {@code <replace><sockets>}: two sockets instead of ports, each a path or {@code host:port}. */
    @Parameter(property = "php.replace.sockets")
    private String replaceSockets;

    /** Same as {@code <replace><start>}: the command that starts a master and returns. */
    @Parameter(property = "php.replace.start")
    private String replaceStart;

    /** Same as {@code <replace><stop>}: the command that stops a master, instead of a signal. */
    @Parameter(property = "php.replace.stop")
    private String replaceStop;

    /** Same as {@code <replace><signal>}: the signal that stops a master; {@code TERM}, and {@code QUIT} for php-fpm. */
    @Parameter(property = "php.replace.signal")
    private String replaceSignal;

    /** Same as {@code <replace><pidFile>}: where a master writes its process id, where its socket does not show it. */
    @Parameter(property = "php.replace.pidFile")
    private String replacePidFile;

    /** Same as {@code <replace><url>}: what is asked of a master, from the host itself, to see which release it executes. */
    @Parameter(property = "php.replace.url")
    private String replaceUrl;

    /** Same as {@code <replace><siteUrl>}: what is asked through the proxy when that has been switched. */
    @Parameter(property = "php.replace.siteUrl")
    private String replaceSiteUrl;

    /** Same as {@code <replace><releaseHeader>}: the header with the release's name; {@code X-Release}. */
    @Parameter(property = "php.replace.releaseHeader")
    private String replaceReleaseHeader;

    /** Same as {@code <replace><releaseBody>}: a regular expression for the body instead, with {@code @{release}} in it. */
    @Parameter(property = "php.replace.releaseBody")
    private String replaceReleaseBody;

    /** Same as {@code <replace><upstream><file>}: what nginx includes; {@code upstream.conf} in the deploy path. */
    @Parameter(property = "php.replace.upstreamFile")
    private String replaceUpstreamFile;

    /** Same as {@code <replace><upstream><content>}: what is written there. */
    @Parameter(property = "php.replace.upstreamContent")
    private String replaceUpstreamContent;

    /** Same as {@code <replace><upstream><test>}: a command that tests the proxy's configuration, instead of {@code nginx -T}. */
    @Parameter(property = "php.replace.upstreamTest")
    private String replaceUpstreamTest;

    /** Same as {@code <replace><upstream><service>}: nginx's systemd unit. */
    @Parameter(property = "php.replace.upstreamService")
    private String replaceUpstreamService;

    /** Same as {@code <replace><upstream><pidFile>}: nginx's pid file; {@code /run/nginx.pid}. */
    @Parameter(property = "php.replace.upstreamPidFile")
    private String replaceUpstreamPidFile;

    /** Same as {@code <replace><upstream><command>}: a command that reloads or switches the proxy instead. */
    @Parameter(property = "php.replace.upstreamCommand")
    private String replaceUpstreamCommand;

    /** How many seconds the last requests of an old master may take before it is stopped. */
    @Parameter(property = "php.drainTimeout", defaultValue = "60")
    private int drainTimeout;

    AbstractReplaceMojo(SettingsDecrypter decrypter) {
        super(decrypter);
    }

    /** The element, with what the properties say. */
    ReplaceBean replace() {
        Map<String, String> given = new LinkedHashMap<>();
        given.put("ports", replacePorts);
        given.put("sockets", replaceSockets);
        given.put("start", replaceStart);
        given.put("stop", replaceStop);
        given.put("signal", replaceSignal);
        given.put("pidFile", replacePidFile);
        given.put("url", replaceUrl);
        given.put("siteUrl", replaceSiteUrl);
        given.put("releaseHeader", replaceReleaseHeader);
        given.put("releaseBody", replaceReleaseBody);
        given.put("upstreamFile", replaceUpstreamFile);
        given.put("upstreamContent", replaceUpstreamContent);
        given.put("upstreamTest", replaceUpstreamTest);
        given.put("upstreamService", replaceUpstreamService);
        given.put("upstreamPidFile", replaceUpstreamPidFile);
        given.put("upstreamCommand", replaceUpstreamCommand);
        return (replace == null ? new ReplaceBean() : replace).with(given);
    }

    Duration drainLimit() {
        return seconds("php.drainTimeout", drainTimeout);
    }
}
