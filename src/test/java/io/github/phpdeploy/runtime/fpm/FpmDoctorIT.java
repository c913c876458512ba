package io.github.phpdeploy.runtime.fpm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.local.LocalHost;
import io.github.phpdeploy.it.WebHost;
import io.github.phpdeploy.runtime.Finding;
import io.github.phpdeploy.runtime.Place;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Every fault is seen on a server that has it, and not on one that has not. */
class FpmDoctorIT {

    @TempDir
    Path temp;

    private List<Finding> findings(String scriptRoot, String global, String ini) throws IOException {
        Path folder = Files.createTempDirectory(temp, "host");
        try (WebHost web = WebHost.start(
                        folder,
                        "public",
                        scriptRoot,
                        fpm -> fpm.global(global)
                                .ini(ini)
                                .ini("opcache.file_update_protection = 0")
                                .pool("request_terminate_timeout = 5s"));
                Host host = new LocalHost()) {
            Path release = web.site().resolve("releases/r1");
            Files.createDirectories(release.resolve("public"));
            StringBuilder includes = new StringBuilder("<?php ");
            for (int i = 0; i < 120; i++) {
                Files.writeString(release.resolve("public/f" + i + ".php"), "<?php return 1;");
                includes.append("include __DIR__ . '/f" + i + ".php';");
            }
            Files.writeString(release.resolve("public/index.php"), includes);
            Files.createSymbolicLink(web.site().resolve("current"), Path.of("releases/r1"));
            assertThat(web.nginx().get("/index.php").status()).isEqualTo(200);
            return new FpmRuntime(FpmSettings.of(web.fpm().pidFile().toString(), Duration.ofSeconds(5)))
                    .diagnose(new Place(host, web.site().toString(), Optional.empty()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "$document_root, process_control_timeout = 10s, ;, unresolved paths, false",
        "$document_root, process_control_timeout = 0, ;, process_control_timeout is 0, true",
        "$realpath_root, process_control_timeout = 0, ;, process_control_timeout is 0, false",
        "$document_root, process_control_timeout = 2s, ;, they may take 5 s, true",
        "$document_root, process_control_timeout = 10s, opcache.revalidate_path = 1, revalidate_path is 1, true",
        "$document_root, process_control_timeout = 10s, realpath_cache_ttl = 0, that means never, true",
        "$realpath_root, process_control_timeout = 10s, opcache.max_accelerated_files = 200, one release takes 121, true",
        "$realpath_root, process_control_timeout = 10s, opcache.restrict_api = /nowhere, may not be asked, false"
    })
    void isSeenWhereItIs(String scriptRoot, String global, String ini, String what, boolean harmful)
            throws IOException {
        assertThat(findings(scriptRoot, global, ini))
                .anyMatch(finding -> finding.what().contains(what) && finding.harmful() == harmful);
        assertThat(findings("$realpath_root", "process_control_timeout = 10s", ";"))
                .isEmpty();
    }
}
