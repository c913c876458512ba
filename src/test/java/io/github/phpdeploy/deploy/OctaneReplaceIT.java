package io.github.phpdeploy.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.local.LocalHost;
import io.github.phpdeploy.it.Load;
import io.github.phpdeploy.it.Octane;
import io.github.phpdeploy.runtime.Finding;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.octane.OctaneMasters;
import io.github.phpdeploy.runtime.octane.OctaneRuntime;
import io.github.phpdeploy.runtime.octane.OctaneServer;
import io.github.phpdeploy.runtime.replace.HttpServer;
import io.github.phpdeploy.runtime.replace.ReplaceRuntime;
import io.github.phpdeploy.runtime.replace.ReplaceSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A new Octane for each release, on a stand-in for its {@code artisan} and for Swoole. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class OctaneReplaceIT {

    /** The state file that all releases share, as {@code storage} is shared. */
    private static final String SHARED = "storage/logs/octane-server-state.json";

    @TempDir
    Path temp;

    private ReplaceBed bed;

    @BeforeEach
    void start() throws IOException {
        bed = ReplaceBed.twoPorts(temp, Optional.empty(), OctaneReplaceIT::octane);
        bed.write(
                "app.php",
                "<?php return function ($path, $root) {"
                        + " $_SERVER['DOCUMENT_ROOT'] = $root . '/public';"
                        + " ob_start(); require $root . '/public' . $path; return ob_get_clean(); };");
        stateFile("getenv('OCTANE_STATE_FILE') ?: ");
    }

    @AfterEach
    void stop() {
        bed.close();
    }

    private static Runtime octane(ReplaceSettings settings) {
        return new ReplaceRuntime(
                OctaneRuntime.NAME,
                settings,
                new OctaneMasters(
                        new HttpServer(ReplaceBed.sight(), settings.limits().prove()),
                        Optional.of(OctaneServer.SWOOLE),
                        "php"));
    }

    /** Where the application says that Octane is to keep its state. */
    private void stateFile(String unlessShared) {
        Octane.lay(bed.app, unlessShared + "'" + bed.site + "/shared/" + SHARED + "'");
    }

    private List<Path> states() throws IOException {
        try (Stream<Path> files = Files.list(bed.site.resolve(".php-deploy/replace"))) {
            return files.filter(file -> file.getFileName().toString().matches("octane-.*\\.json"))
                    .toList();
        }
    }

    @Test
    void eachReleaseGetsAnOctaneOfItsOwn() throws IOException {
        bed.succeeds();
        bed.enable();
        Load load = new Load(bed.nginx().port(), 2, Map.of("/index.php", 2));
        bed.succeeds();
        bed.rollback("v1");
        Load.Tally tally = load.end(bed.marks);
        assertThat(tally.failed()).as(tally::toString).isEmpty();
        assertThat(tally.torn()).as(tally::toString).isEmpty();
        assertThat(tally.stale()).as(tally::toString).isEmpty();
        assertThat(bed.masters()).as(() -> bed.said + "\n" + bed.state()).hasSize(1);
        assertThat(states()).singleElement().asString().contains("octane-" + bed.current() + "-");
        assertThat(findings()).isEmpty();
    }

    /** The Octane of before would kill the new one when its own server is stopped. */
    @Test
    void aStateFileOfAllReleasesIsRefused() throws IOException {
        bed.sharing("storage");
        bed.succeeds();
        bed.enable();
        String first = bed.current();
        List<ProcessHandle> before = bed.masters();
        assertThat(findings()).isEmpty();
        stateFile("");
        String shared = bed.site.toRealPath() + "/shared/" + SHARED;
        assertThat(bed.fails())
                .contains("keeps its state in " + shared)
                .contains("runs octane:stop, which kills the processes")
                .contains("getenv('OCTANE_STATE_FILE')")
                .contains("nothing was switched: " + first + " is still current");
        assertThat(bed.masters()).isEqualTo(before);

        Path note = Path.of(shared);
        Files.createDirectories(note.getParent());
        Files.writeString(note, "{\"masterProcessId\": " + before.get(0).pid() + "}");
        assertThat(findings())
                .anyMatch(finding -> finding.harmful() && finding.what().contains("keeps its state in " + shared));
        Files.delete(note);
        assertThat(findings()).isEmpty();
    }

    private List<Finding> findings() {
        try (Host host = new LocalHost()) {
            return bed.runtime().diagnose(new Place(host, bed.site.toString(), Optional.empty()));
        }
    }
}
