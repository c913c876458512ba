package io.github.phpdeploy.mojo;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.runtime.roadrunner.RoadRunnerRuntime;
import io.github.phpdeploy.runtime.roadrunner.RoadRunnerSettings;

/** {@code <roadrunner>}: how RoadRunner is found, asked and reset. Properties {@code php.roadrunner.*} win over it. */
public class RoadRunnerBean extends ShownBean {

    private String program;
    private String config;
    private Integer longestRequest;

    /** The same with what the properties say; null where they say nothing. */
    RoadRunnerBean with(Map<String, String> properties, Integer longest) {
        Map<String, String> element = new HashMap<>();
        element.put("program", program);
        element.put("config", config);
        fill(properties, element);
        longestRequest = longest == null ? longestRequest : longest;
        return this;
    }

    /**
     * As a runtime.
     *
     * @throws PhpDeployException when something is missing, or makes no sense
     */
    RoadRunnerRuntime toRuntime(Runtimes.Common common) {
        String name = RoadRunnerRuntime.NAME;
        String file = given("config")
                .orElseThrow(() -> new PhpDeployException(
                        "php.runtime is roadrunner, but where its configuration is, is not known",
                        "set php.roadrunner.config to the absolute path of .rr.yaml on the host"));
        if (!file.startsWith("/")) {
            throw new PhpDeployException(
                    "php.roadrunner.config \"" + Printable.line(file) + "\" is not absolute",
                    "set it to a file on the host that begins with a slash");
        }
        return new RoadRunnerRuntime(new RoadRunnerSettings(
                given("program").orElse(RoadRunnerSettings.PROGRAM),
                file,
                common.sudo(),
                common.reloadLimit(),
                page(name).required(common.proveLimit()),
                preview(name, common),
                Optional.ofNullable(longestRequest)
                        .map(seconds -> AbstractHostMojo.seconds("php.roadrunner.longestRequest", seconds)),
                common.allowDrops()));
    }
}
