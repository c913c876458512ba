package io.github.phpdeploy.deploy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import com.sun.net.httpserver.HttpServer;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.local.LocalHost;
import io.github.phpdeploy.runtime.Finding;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.frankenphp.ClassicFrankenPhp;
import io.github.phpdeploy.runtime.frankenphp.FrankenPhp;
import io.github.phpdeploy.runtime.replace.ReplaceRuntime;
import io.github.phpdeploy.runtime.replace.ReplaceSettings;
import io.github.phpdeploy.runtime.replace.Sight;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** FrankenPHP, which is in no registry: a stand-in for its program, and one for Caddy's admin API. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class FrankenPhpIT {

    private static final String CLASSIC =
            "{\"apps\":{\"frankenphp\":{},\"http\":{\"servers\":{\"srv0\":{\"listen\":[\":80\"],\"routes\":[{\"handle\":["
                    + "{\"handler\":\"subroute\",\"routes\":[{\"handle\":[{\"handler\":\"vars\",\"root\":\"CURRENT/public\"}]},"
                    + "{\"handle\":[{\"handler\":\"php\",\"split_path\":[\".php\"]}]}]}]}]}}}}}";

    private static final String WORKERS = CLASSIC.replace(
            "\"frankenphp\":{}", "\"frankenphp\":{\"workers\":[{\"file_name\":\"CURRENT/worker.php\"}]}");

    private static final String SITE_WORKERS = CLASSIC.replace(
            "\"handler\":\"php\"", "\"handler\":\"php\",\"workers\":[{\"file_name\":\"index.php\",\"num\":2}]");

    private static final String FIXED_ROOT =
            CLASSIC.replace("\"handler\":\"php\"", "\"handler\":\"php\",\"root\":\"CURRENT/public\"");

    private static final String ANOTHER_SITE = CLASSIC.replace(
            "\"frankenphp\":{}", "\"frankenphp\":{\"workers\":[{\"file_name\":\"/srv/other/current/worker.php\"}]}");

    @TempDir
    Path temp;

    private ReplaceBed bed;
    private HttpServer web;
    private String admin = CLASSIC;
    private Supplier<String> served = () -> bed.current();

    @BeforeEach
    void start() throws IOException {
        bed = ReplaceBed.server(temp);
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/config/", exchange -> {
            byte[] body = admin.replace("CURRENT", bed.site + "/current").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        web.createContext("/version", exchange -> {
            exchange.getResponseHeaders().set("X-Release", served.get());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        web.start();
    }

    @AfterEach
    void stop() {
        web.stop(0);
        bed.close();
    }

    private URI at(String path) {
        return URI.create("http://127.0.0.1:" + web.getAddress().getPort() + path);
    }

    private Runtime classic(ReplaceSettings unused) {
        String url = at("/version").toString();
        Sight sight = new Sight(url, Optional.of(url), Sight.HEADER, Optional.empty());
        return new ClassicFrankenPhp(
                new io.github.phpdeploy.runtime.replace.HttpServer(sight, Duration.ofSeconds(1)), at("/"));
    }

    private void replacedBy(String program, String config) {
        bed.started(Optional.empty());
        bed.runtime(settings -> new ReplaceRuntime(
                FrankenPhp.NAME,
                settings,
                new FrankenPhp(
                        new io.github.phpdeploy.runtime.replace.HttpServer(
                                ReplaceBed.sight(), settings.limits().prove(), FrankenPhp.launch(program, config)),
                        true)));
    }

    private String program() throws IOException {
        Path program = Files.copy(
                Path.of("src/test/resources/io/github/phpdeploy/it/frankenphp/frankenphp.php"),
                temp.resolve("frankenphp"));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return program.toString();
    }

    private List<Finding> findings() {
        try (Host host = new LocalHost()) {
            return bed.runtime().diagnose(new Place(host, bed.site.toString(), Optional.empty()));
        }
    }

    private void finds(String what, boolean harmful) {
        assertThat(findings()).anyMatch(finding -> finding.what().contains(what) && finding.harmful() == harmful);
    }

    @Test
    void eachReleaseGetsAFrankenPhpOfItsOwn() throws IOException {
        String program = program();
        replacedBy(program, "${releasePath}/public/index.php");
        bed.succeeds();
        bed.enable();
        replacedBy(program, "${releasePath}/Caddyfile");
        assertThat(bed.fails()).contains("there is no ").contains("/Caddyfile").contains("nothing was switched");
        bed.write("Caddyfile", "root {$releasePath}/public\n");
        bed.succeeds();
        assertThat(bed.served()).isEqualTo("v3 v3 v3 end");
        assertThat(bed.masters()).hasSize(1);
        assertThat(findings()).isEmpty();
        replacedBy(temp + "/no-such-program", "${releasePath}/public");
        finds("there is no program " + temp + "/no-such-program", true);
        assertThat(bed.fails()).contains("there is no program").contains("nothing was switched");
    }

    @Test
    void withoutWorkersTheSiteItselfProvesIt() {
        bed.runtime(this::classic);
        DeployResult.Success result = bed.succeeds();
        assertThat(result.hosts().get(0).runtime()).containsEntry("proof", "10 new connections show " + bed.current());
        assertThat(findings()).isEmpty();
        String first = bed.current();
        served = () -> first;
        assertThat(bed.fails())
                .contains("the site on local shows release " + first + ", and not ")
                .contains("since 1.11.2")
                .contains("php.frankenphp.strategy=replace")
                .contains("it was undone: " + first + " is current again");
        admin = ANOTHER_SITE;
        assertThat(findings()).isEmpty();
    }

    static List<String> bound() {
        return List.of(WORKERS, SITE_WORKERS, FIXED_ROOT);
    }

    @ParameterizedTest
    @MethodSource("bound")
    void whatIsBoundToAReleaseIsRefused(String config) {
        bed.runtime(this::classic);
        bed.succeeds();
        String first = bed.current();
        admin = config;
        assertThat(bed.fails())
                .contains(config.equals(FIXED_ROOT) ? "inside of php_server" : "has workers: ")
                .contains("it goes on with the old code")
                .contains("php.frankenphp.strategy=replace")
                .contains("nothing was switched: " + first + " is still current");
        finds("FrankenPHP on local has ", true);
    }

    @Test
    void whatCannotBeSeenIsTold() {
        bed.runtime(this::classic);
        bed.succeeds();
        admin = "no JSON";
        finds("whether FrankenPHP on local has workers is not known", false);
        web.removeContext("/config/");
        finds("it answers with status 404", false);
        bed.succeeds();
        assertThat(bed.said).anyMatch(line -> line.startsWith("WARN") && line.contains("has workers is not known"));
        web.removeContext("/version");
        finds("answers with status 404", true);
    }
}
