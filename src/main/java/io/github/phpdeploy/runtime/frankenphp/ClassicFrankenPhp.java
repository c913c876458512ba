package io.github.phpdeploy.runtime.frankenphp;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.runtime.Finding;
import io.github.phpdeploy.runtime.Generation;
import io.github.phpdeploy.runtime.Intent;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.replace.HttpServer;

/**
 * A FrankenPHP without workers, of which the user says that it finds the current release at each request. Nothing is reloaded; what can
 * be seen to bind it to a release is refused before anything is switched, and the site must show the new release afterwards.
 *
 * @param server how the site is asked: {@code siteUrl} is given
 * @param admin the address of Caddy's admin API, as seen from the host
 */
public record ClassicFrankenPhp(HttpServer server, URI admin) implements Runtime {

    private static final String REPLACE = "set php.frankenphp.strategy=replace";

    @Override
    public String name() {
        return FrankenPhp.NAME;
    }

    @Override
    public Service inspect(Place place, Intent intent) {
        List<String> warnings = new ArrayList<>();
        for (Finding finding : seen(place)) {
            if (finding.harmful()) {
                throw new PhpDeployException(finding.what() + ", and so " + finding.cost(), finding.fix());
            }
            warnings.add(finding.what() + ": " + finding.cost() + "; " + finding.fix());
        }
        return new Classic(place, server, warnings);
    }

    @Override
    public List<Finding> diagnose(Place place) {
        List<Finding> findings = new ArrayList<>(seen(place));
        server.sight()
                .silence(place)
                .map(fault -> new Finding(
                        true,
                        server.sight().siteUrl().orElseThrow() + " on "
                                + place.host().name() + " " + fault,
                        "a release cannot be proved, and deploys are undone",
                        "have the application send the header "
                                + server.sight().header()
                                + " with the release's name, or correct php.frankenphp.url"))
                .ifPresent(findings::add);
        return findings;
    }

    /** What its own configuration shows. Workers and roots outside of the site are another site's. */
    private List<Finding> seen(Place place) {
        AdminApi api = AdminApi.ask(place, admin);
        String where = "FrankenPHP on " + place.host().name();
        if (!api.silence().isEmpty()) {
            return List.of(new Finding(
                    false,
                    "whether " + where + " has workers is not known: " + admin + " shows nothing (" + api.silence()
                            + ")",
                    "if it has, it goes on with the old code, and the deploy is undone",
                    "let Caddy's admin API listen there, or name its address with php.frankenphp.admin"));
        }
        List<Finding> findings = new ArrayList<>();
        List<String> workers = api.workers().stream()
                .filter(file -> !file.startsWith("/") || isOurs(place, file))
                .distinct()
                .toList();
        if (!workers.isEmpty()) {
            findings.add(new Finding(
                    true,
                    where + " has workers: " + String.join(", ", workers),
                    "it goes on with the old code: their path is resolved once, when it is started, and a restart of workers"
                            + " does not change that",
                    REPLACE));
        }
        api.roots().stream()
                .filter(root -> isOurs(place, root))
                .findFirst()
                .ifPresent(root -> findings.add(new Finding(
                        true,
                        where + " has the document root " + root + " inside of php_server",
                        "it goes on with the old code: that is resolved once, when it is started",
                        "write it outside, as root * " + root + ", where FrankenPHP is older than 1.11.2, or "
                                + REPLACE)));
        return findings;
    }

    private static boolean isOurs(Place place, String path) {
        return path.startsWith(place.deployPath() + "/");
    }

    /** As it was found on one host. Used by one thread at a time. */
    private static final class Classic implements Service {

        private static final HttpServer.Advice ADVICE = new HttpServer.Advice(
                "FrankenPHP resolves a document root inside of php_server once, and since 1.11.2 passes one outside of it as it"
                        + " is, so that OPcache goes on with the old code: " + REPLACE,
                "see that php.frankenphp.url answers with status 200 and names the release");

        private final Place place;
        private final HttpServer server;
        private final List<String> warnings;
        private final Map<String, String> facts = new LinkedHashMap<>();

        Classic(Place place, HttpServer server, List<String> warnings) {
            this.place = place;
            this.server = server;
            this.warnings = List.copyOf(warnings);
            facts.put("way", way());
        }

        @Override
        public List<String> warnings() {
            return warnings;
        }

        @Override
        public String way() {
            return "reload nothing, because FrankenPHP without workers is said to find the current release at each request";
        }

        @Override
        public Generation reload() {
            return Generation.none("nothing to reload");
        }

        @Override
        public String await(Generation old) {
            return old.how();
        }

        @Override
        public Optional<String> prove(String release) {
            String proof = server.siteShows(place, release, ADVICE);
            facts.put("proof", proof);
            return Optional.of(proof);
        }

        @Override
        public Map<String, String> facts() {
            return Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        }
    }
}
