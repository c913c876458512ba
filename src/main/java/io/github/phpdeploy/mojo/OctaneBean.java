package io.github.phpdeploy.mojo;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.octane.OctaneMasters;
import io.github.phpdeploy.runtime.octane.OctaneRuntime;
import io.github.phpdeploy.runtime.octane.OctaneServer;
import io.github.phpdeploy.runtime.replace.ReplaceRuntime;
import io.github.phpdeploy.runtime.replace.ReplaceSettings;

/** {@code <octane>}: Laravel Octane. Properties {@code php.octane.*} win over it. */
public class OctaneBean {

    private String strategy;
    private String server;
    private String stateFile;
    private String program;
    private String url;
    private String releaseHeader;
    private String releaseBody;
    private String kept;
    private Integer longestRequest;
    private Integer maxWaitTime;

    /** What is said, by name: the properties' values, and the element's where those say nothing. */
    private Map<String, String> values = Map.of();

    /** The same with what the properties say; null where they say nothing. */
    OctaneBean with(Map<String, String> given, Integer longest, Integer wait) {
        Map<String, String> all = new HashMap<>(given);
        all.putIfAbsent("strategy", strategy);
        all.putIfAbsent("server", server);
        all.putIfAbsent("stateFile", stateFile);
        all.putIfAbsent("program", program);
        all.putIfAbsent("url", url);
        all.putIfAbsent("releaseHeader", releaseHeader);
        all.putIfAbsent("releaseBody", releaseBody);
        all.putIfAbsent("kept", kept);
        OctaneBean merged = new OctaneBean();
        merged.values = all;
        merged.longestRequest = longest == null ? longestRequest : longest;
        merged.maxWaitTime = wait == null ? maxWaitTime : wait;
        return merged;
    }

    private Optional<String> given(String name) {
        return ReplaceBean.text(values.get(name));
    }

    Runtime toRuntime(ReplaceBean replace, Runtimes.Common common) {
        Optional<OctaneServer> on = given("server")
                .map(name -> OctaneServer.of(name)
                        .orElseThrow(() -> new PhpDeployException(
                                "there is no server \"" + Printable.line(name) + "\" that Octane runs on",
                                "set php.octane.server to swoole, roadrunner or frankenphp")));
        if (given("strategy").filter("replace"::equals).isPresent()) {
            ReplaceSettings settings = replace.toSettings("TERM", false, common.sudo(), common.limits());
            ReplaceBean.refuseRoot(settings, "Octane");
            return new ReplaceRuntime(
                    OctaneRuntime.NAME,
                    settings,
                    new OctaneMasters(
                            replace.toServer(common.proveLimit()),
                            on,
                            given("program").orElse("php")));
        }
        Optional<String> file = given("stateFile");
        file.filter(path -> !path.startsWith("/")).ifPresent(path -> {
            throw new PhpDeployException(
                    "php.octane.stateFile \"" + Printable.line(path) + "\" is not absolute",
                    "set it to the file on the host that state_file in config/octane.php names");
        });
        return new OctaneRuntime(on, file, resident().toSettings(OctaneRuntime.NAME, null, common));
    }

    /** The process is found by the state file, wherever that turns out to be. */
    private ResidentBean resident() {
        return new ResidentBean()
                .found("/", null, given("kept").orElse(null), given("strategy").orElse(null))
                .shown(
                        given("url").orElse(null),
                        given("releaseHeader").orElse(null),
                        given("releaseBody").orElse(null))
                .timed(longestRequest, maxWaitTime);
    }
}
