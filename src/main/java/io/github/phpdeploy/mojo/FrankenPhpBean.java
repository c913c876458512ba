package io.github.phpdeploy.mojo;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.probe.HealthCheck;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.frankenphp.ClassicFrankenPhp;
import io.github.phpdeploy.runtime.frankenphp.FrankenPhp;
import io.github.phpdeploy.runtime.replace.HttpServer;
import io.github.phpdeploy.runtime.replace.ReplaceRuntime;
import io.github.phpdeploy.runtime.replace.ReplaceSettings;
import io.github.phpdeploy.runtime.replace.Sight;

/** {@code <frankenphp>}. Properties {@code php.frankenphp.*} win over it. */
public class FrankenPhpBean {

    /** What {@code worker} is for a FrankenPHP without workers. */
    private static final String NO_WORKER = "none";

    private String strategy;
    private String program;
    private String worker;
    private String config;
    private String url;
    private String releaseHeader;
    private String releaseBody;
    private String admin;

    /** What is said, by name: the properties' values, and the element's where those say nothing. */
    private Map<String, String> values = Map.of();

    /** The same with what the properties say; null where they say nothing. */
    FrankenPhpBean with(Map<String, String> given) {
        Map<String, String> all = new HashMap<>(given);
        all.putIfAbsent("strategy", strategy);
        all.putIfAbsent("program", program);
        all.putIfAbsent("worker", worker);
        all.putIfAbsent("config", config);
        all.putIfAbsent("url", url);
        all.putIfAbsent("releaseHeader", releaseHeader);
        all.putIfAbsent("releaseBody", releaseBody);
        all.putIfAbsent("admin", admin);
        FrankenPhpBean merged = new FrankenPhpBean();
        merged.values = all;
        return merged;
    }

    private Optional<String> given(String name) {
        return ReplaceBean.text(values.get(name));
    }

    Runtime toRuntime(ReplaceBean replace, Runtimes.Common common) {
        String wanted = given("strategy").orElse("auto");
        return switch (wanted) {
            case "auto", "replace" -> replacing(replace, common);
            case "none" -> new ClassicFrankenPhp(site(common), admin());
            case "reload" ->
                throw new PhpDeployException(
                        "FrankenPHP cannot be reloaded without harm: the path of a worker script is resolved once, when it is"
                                + " started, so that a restart of workers goes on with the old release, and a reload with"
                                + " --force loses requests",
                        "set php.frankenphp.strategy=replace, which starts a new one beside the old one");
            default ->
                throw new PhpDeployException(
                        "there is no php.frankenphp.strategy \"" + Printable.line(wanted) + "\"",
                        "set it to auto, replace or none");
        };
    }

    private Runtime replacing(ReplaceBean replace, Runtimes.Common common) {
        ReplaceSettings settings = replace.toSettings("TERM", false, common.sudo(), common.limits());
        ReplaceBean.refuseRoot(settings, "FrankenPHP");
        HttpServer asked = replace.toServer(common.proveLimit());
        HttpServer server = new HttpServer(
                asked.sight(),
                asked.limit(),
                FrankenPhp.launch(given("program").orElse(FrankenPhp.PROGRAM), started()));
        return new ReplaceRuntime(
                FrankenPhp.NAME,
                settings,
                new FrankenPhp(server, settings.start().isEmpty()));
    }

    /** A Caddyfile, a worker script, or the document root where there are no workers; with placeholders. */
    private String started() {
        if (given("config").isPresent()) {
            return inRelease(given("config").get());
        }
        String script = given("worker").orElse("public/index.php");
        if (script.equals(NO_WORKER)) {
            return "${releasePath}/public";
        }
        if (!script.endsWith(".php")) {
            throw new PhpDeployException(
                    "php.frankenphp.worker \"" + Printable.line(script) + "\" is no PHP file",
                    "set it to the worker script's path in the application, such as public/index.php, or to none");
        }
        return inRelease(script);
    }

    private static String inRelease(String path) {
        return path.startsWith("/") || path.startsWith("${releasePath}/") ? path : "${releasePath}/" + path;
    }

    private HttpServer site(Runtimes.Common common) {
        String address = given("url")
                .orElseThrow(() -> new PhpDeployException(
                        "php.frankenphp.strategy is none, but there is no page that shows which release is executed",
                        "set php.frankenphp.url to one that is asked from the host, such as http://127.0.0.1/version"));
        HealthCheck.address("the URL of php.frankenphp.url", address);
        return new HttpServer(
                new Sight(
                        address,
                        Optional.of(address),
                        given("releaseHeader").orElse(Sight.HEADER),
                        given("releaseBody")),
                common.proveLimit());
    }

    private URI admin() {
        return HealthCheck.address(
                "the address of php.frankenphp.admin", given("admin").orElse("http://localhost:2019"));
    }
}
