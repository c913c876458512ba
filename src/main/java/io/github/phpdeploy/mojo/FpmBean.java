package io.github.phpdeploy.mojo;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.runtime.fpm.FpmPair;
import io.github.phpdeploy.runtime.fpm.FpmSettings;
import io.github.phpdeploy.runtime.replace.ReplaceSettings;

/** {@code <fpm>}: how PHP-FPM is found and reloaded. Properties {@code php.fpm.*} win over it. */
public class FpmBean {

    private static final int OK = 200;

    private String service;
    private String pidFile;
    private String socket;
    private String command;
    private String test;
    private String strategy;
    private Integer longestRequest;
    private String entry;
    private String preview;
    private int previewStatus = OK;
    private String probeDirectory;
    private String program;
    private String config;
    private String template;

    /** The same with what the properties say; null where they say nothing. */
    FpmBean with(String service, String pidFile, String socket, String command, String test) {
        FpmBean merged = new FpmBean();
        merged.service = service == null ? this.service : service;
        merged.pidFile = pidFile == null ? this.pidFile : pidFile;
        merged.socket = socket == null ? this.socket : socket;
        merged.command = command == null ? this.command : command;
        merged.test = test == null ? this.test : test;
        merged.strategy = strategy;
        merged.longestRequest = longestRequest;
        merged.entry = entry;
        merged.preview = preview;
        merged.previewStatus = previewStatus;
        merged.probeDirectory = probeDirectory;
        merged.program = program;
        merged.config = config;
        merged.template = template;
        return merged;
    }

    /** The same with what these properties say; null where they say nothing. */
    FpmBean asking(
            String strategyGiven, Integer longest, String entryGiven, String previewGiven, String probeDirectoryGiven) {
        FpmBean merged = with(null, null, null, null, null);
        merged.strategy = strategyGiven == null ? strategy : strategyGiven;
        merged.longestRequest = longest == null ? longestRequest : longest;
        merged.entry = entryGiven == null ? entry : entryGiven;
        merged.preview = previewGiven == null ? preview : previewGiven;
        merged.probeDirectory = probeDirectoryGiven == null ? probeDirectory : probeDirectoryGiven;
        return merged;
    }

    /** The same with what these properties say; null where they say nothing. */
    FpmBean pair(String programGiven, String configGiven, String templateGiven) {
        FpmBean merged = with(null, null, null, null, null);
        merged.program = programGiven == null ? program : programGiven;
        merged.config = configGiven == null ? config : configGiven;
        merged.template = templateGiven == null ? template : templateGiven;
        return merged;
    }

    /** How two masters are configured, of which one is replaced by the other. */
    FpmPair toPair(ReplaceSettings replace) {
        return new FpmPair(
                given(program),
                given(config).map(path -> path.replace("@{color}", "${color}")),
                given(template),
                replace);
    }

    FpmSettings toSettings(boolean sudo, Duration reloadLimit, Duration proveLimit, boolean allowDrops) {
        return new FpmSettings(
                new FpmSettings.Control(given(service), given(pidFile), given(command), given(test), sudo, reloadLimit),
                new FpmSettings.Asking(given(socket), directory(), entries(), previewed(), proveLimit),
                strategy(),
                Optional.ofNullable(longestRequest)
                        .map(seconds -> AbstractHostMojo.seconds("php.fpm.longestRequest", seconds)),
                allowDrops);
    }

    private Optional<String> directory() {
        Optional<String> directory = given(probeDirectory);
        directory.filter(path -> !path.startsWith("/")).ifPresent(path -> {
            throw new PhpDeployException(
                    "php.fpm.probeDirectory \"" + Printable.line(path) + "\" is not absolute",
                    "set it to a directory on the host that begins with a slash");
        });
        return directory;
    }

    private List<String> entries() {
        return given(entry).map(path -> List.of(path.replaceAll("^/+", ""))).orElse(FpmSettings.Asking.ENTRIES);
    }

    private Optional<FpmSettings.Preview> previewed() {
        return given(preview).map(uri -> {
            if (!uri.startsWith("/") || previewStatus < 100 || previewStatus > 599) {
                throw new PhpDeployException(
                        "<preview> is \"" + Printable.line(uri) + "\" with status " + previewStatus,
                        "set it to a path and query such as /health, and <previewStatus> to a status such as 200");
            }
            return new FpmSettings.Preview(uri, previewStatus);
        });
    }

    private FpmSettings.Strategy strategy() {
        String name = given(strategy).orElse("auto");
        return Arrays.stream(FpmSettings.Strategy.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new PhpDeployException(
                        "there is no php.fpm.strategy \"" + Printable.line(name) + "\"",
                        "set it to auto, none, reload, reset or replace"));
    }

    private static Optional<String> given(String text) {
        return Optional.ofNullable(text).map(String::strip).filter(value -> !value.isEmpty());
    }
}
