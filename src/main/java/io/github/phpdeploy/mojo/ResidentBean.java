package io.github.phpdeploy.mojo;

import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.probe.HealthCheck;
import io.github.phpdeploy.runtime.resident.ResidentSettings;

/**
 * {@code <swoole>} and {@code <workerman>}: how a resident server is found, asked and reloaded. Properties {@code php.swoole.*} and
 * {@code php.workerman.*} win over them.
 */
public class ResidentBean {

    private String pidFile;
    private String pidCommand;
    private String url;
    private String releaseHeader;
    private String releaseBody;
    private Integer longestRequest;
    private Integer maxWaitTime;
    private String kept;
    private String strategy;

    /** The same with what these properties say of the master; null where they say nothing. */
    ResidentBean found(String pidFileGiven, String pidCommandGiven, String keptGiven, String strategyGiven) {
        ResidentBean merged = copy();
        merged.pidFile = pidFileGiven == null ? pidFile : pidFileGiven;
        merged.pidCommand = pidCommandGiven == null ? pidCommand : pidCommandGiven;
        merged.kept = keptGiven == null ? kept : keptGiven;
        merged.strategy = strategyGiven == null ? strategy : strategyGiven;
        return merged;
    }

    /** The same with what these properties say of the page that shows the release; null where they say nothing. */
    ResidentBean shown(String urlGiven, String header, String body) {
        ResidentBean merged = copy();
        merged.url = urlGiven == null ? url : urlGiven;
        merged.releaseHeader = header == null ? releaseHeader : header;
        merged.releaseBody = body == null ? releaseBody : body;
        return merged;
    }

    /** The same with what these properties say of times in seconds; null where they say nothing. */
    ResidentBean timed(Integer longest, Integer wait) {
        ResidentBean merged = copy();
        merged.longestRequest = longest == null ? longestRequest : longest;
        merged.maxWaitTime = wait == null ? maxWaitTime : wait;
        return merged;
    }

    private ResidentBean copy() {
        ResidentBean copy = new ResidentBean();
        copy.pidFile = pidFile;
        copy.pidCommand = pidCommand;
        copy.url = url;
        copy.releaseHeader = releaseHeader;
        copy.releaseBody = releaseBody;
        copy.longestRequest = longestRequest;
        copy.maxWaitTime = maxWaitTime;
        copy.kept = kept;
        copy.strategy = strategy;
        return copy;
    }

    /**
     * What a runtime needs.
     *
     * @param name the runtime's, which its properties begin with
     * @param standardKept what no reload replaces unless somebody says it; null for nothing
     */
    ResidentSettings toSettings(String name, String standardKept, Runtimes.Common common) {
        String prefix = "php." + name + ".";
        Optional<String> file = given(pidFile);
        Optional<String> command = given(pidCommand);
        if (file.isEmpty() == command.isEmpty()) {
            throw new PhpDeployException(
                    "php.runtime is " + name + ", but "
                            + (file.isEmpty()
                                    ? "nothing says which process its master is"
                                    : "its master is named twice"),
                    "set " + prefix + "pidFile to where the server writes its process id, or " + prefix
                            + "pidCommand to a command that prints it");
        }
        file.filter(path -> !path.startsWith("/")).ifPresent(path -> {
            throw new PhpDeployException(
                    prefix + "pidFile \"" + Printable.line(path) + "\" is not absolute",
                    "set it to a file on the host that begins with a slash");
        });
        return new ResidentSettings(
                new ResidentSettings.Control(
                        file,
                        command,
                        Optional.ofNullable(given(kept).orElse(standardKept))
                                .map(text -> pattern(prefix + "kept", text)),
                        common.sudo(),
                        common.reloadLimit()),
                showing(name, common),
                strategy(prefix),
                Optional.ofNullable(longestRequest)
                        .map(seconds -> AbstractHostMojo.seconds(prefix + "longestRequest", seconds)),
                Optional.ofNullable(maxWaitTime)
                        .map(seconds -> AbstractHostMojo.seconds(prefix + "maxWaitTime", seconds)),
                common.allowDrops());
    }

    /** The page that shows the release. */
    ResidentSettings.Showing showing(String name, Runtimes.Common common) {
        String prefix = "php." + name + ".";
        return new ResidentSettings.Showing(address(name, common), header(prefix), body(prefix), common.proveLimit());
    }

    private URI address(String name, Runtimes.Common common) {
        String address = given(url)
                .orElseThrow(() -> new PhpDeployException(
                        "php.runtime is " + name + ", but there is no page that shows which release it executes",
                        "set php." + name
                                + ".url to one that is asked from the host, such as http://127.0.0.1:9501/health"));
        return HealthCheck.address("the URL of php." + name + ".url", address);
    }

    private String header(String prefix) {
        String header = given(releaseHeader).orElse(ResidentSettings.Showing.HEADER);
        if (!header.matches("[A-Za-z0-9-]{1,100}")) {
            throw new PhpDeployException(
                    prefix + "releaseHeader \"" + Printable.line(header) + "\" is no name of a header field",
                    "set it to letters, digits and hyphens, such as " + ResidentSettings.Showing.HEADER);
        }
        return header;
    }

    private Optional<Pattern> body(String prefix) {
        return given(releaseBody).map(text -> {
            Pattern pattern = pattern(prefix + "releaseBody", text);
            if (pattern.matcher("").groupCount() == 0) {
                throw new PhpDeployException(
                        prefix + "releaseBody \"" + Printable.line(text) + "\" has no group that finds the release",
                        "put parentheses around that part, as in release: ([\\w.-]+)");
            }
            return pattern;
        });
    }

    private static Pattern pattern(String property, String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new PhpDeployException(
                    property + " is no regular expression: " + Printable.line(e.getDescription()),
                    "correct it, or quote what is meant literally between \\Q and \\E",
                    e);
        }
    }

    /** Whether a new master is to take over, instead of new workers of the one that runs. */
    boolean isReplaced() {
        return given(strategy).filter("replace"::equals).isPresent();
    }

    private ResidentSettings.Strategy strategy(String prefix) {
        String wanted = given(strategy).orElse("auto");
        return Arrays.stream(ResidentSettings.Strategy.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(wanted))
                .findFirst()
                .orElseThrow(() -> new PhpDeployException(
                        "there is no " + prefix + "strategy \"" + Printable.line(wanted) + "\"",
                        "set it to auto, reload or replace"));
    }

    private static Optional<String> given(String text) {
        return Optional.ofNullable(text).map(String::strip).filter(value -> !value.isEmpty());
    }
}
