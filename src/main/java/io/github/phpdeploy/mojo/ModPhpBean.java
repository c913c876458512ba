package io.github.phpdeploy.mojo;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.runtime.modphp.ModPhp;
import io.github.phpdeploy.runtime.modphp.ModPhpSettings;

/** {@code <modphp>}: how an Apache that executes PHP itself is found, asked and reloaded. Properties {@code php.modphp.*} win over it. */
public class ModPhpBean {

    private String service;
    private String pidFile;
    private String command;
    private String test;
    private String url;
    private String releaseHeader;
    private String releaseBody;
    private Integer longestRequest;
    private Map<String, String> values = Map.of();

    /** The same with what the properties say; null where they say nothing. */
    ModPhpBean with(Map<String, String> given, Integer longestRequestGiven) {
        Map<String, String> all = new HashMap<>(given);
        all.putIfAbsent("service", service);
        all.putIfAbsent("pidFile", pidFile);
        all.putIfAbsent("command", command);
        all.putIfAbsent("test", test);
        all.putIfAbsent("url", url);
        all.putIfAbsent("releaseHeader", releaseHeader);
        all.putIfAbsent("releaseBody", releaseBody);
        ModPhpBean merged = new ModPhpBean();
        merged.values = all;
        merged.longestRequest = longestRequestGiven == null ? longestRequest : longestRequestGiven;
        return merged;
    }

    private Optional<String> given(String name) {
        return Optional.ofNullable(values.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    ModPhpSettings toSettings(Runtimes.Common common) {
        String prefix = "php." + ModPhp.NAME + ".";
        given("pidFile").filter(path -> !path.startsWith("/")).ifPresent(path -> {
            throw new PhpDeployException(
                    prefix + "pidFile \"" + Printable.line(path) + "\" is not absolute",
                    "set it to a file on the host that begins with a slash");
        });
        return new ModPhpSettings(
                new ModPhpSettings.Control(
                        given("service"),
                        given("pidFile"),
                        given("command"),
                        given("test"),
                        common.sudo(),
                        common.reloadLimit()),
                new ReleasePage(ModPhp.NAME, given("url"), given("releaseHeader"), given("releaseBody"))
                        .required(common.proveLimit()),
                Optional.ofNullable(longestRequest)
                        .map(seconds -> AbstractHostMojo.seconds(prefix + "longestRequest", seconds)),
                common.allowDrops());
    }
}
