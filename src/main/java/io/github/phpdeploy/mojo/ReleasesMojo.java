package io.github.phpdeploy.mojo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import javax.inject.Inject;

import io.github.phpdeploy.deploy.Drift;
import io.github.phpdeploy.deploy.HostConnector;
import io.github.phpdeploy.deploy.SiteOperations;
import io.github.phpdeploy.release.Release;
import io.github.phpdeploy.release.ReleaseRecord;
import io.github.phpdeploy.release.SiteState;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.settings.crypto.SettingsDecrypter;

/** Shows the releases on every host: state, time, commit, operator and size, newest first. */
@Mojo(name = "releases", requiresProject = false, aggregator = true, threadSafe = true)
public class ReleasesMojo extends AbstractHostMojo {

    /**
     * The goal.
     *
     * @param decrypter decrypts passwords of settings.xml
     */
    @Inject
    public ReleasesMojo(SettingsDecrypter decrypter) {
        super(decrypter);
    }

    @Override
    void run() {
        Map<String, String> current = new LinkedHashMap<>();
        for (SiteOperations.Answer<SiteState> answer :
                new SiteOperations(HostConnector.STANDARD, targets()).releases()) {
            SiteState state = answer.answer();
            current.put(answer.host(), state.current().map(Release::id).orElse(""));
            if (state.releases().isEmpty()) {
                getLog().info(answer.host() + ": no releases");
                continue;
            }
            getLog().info(answer.host() + ":");
            table(state).lines().forEach(getLog()::info);
        }
        Drift.between(current).ifPresent(drift -> getLog().warn(drift + "; the next deploy brings them together"));
    }

    private static Table table(SiteState state) {
        Table table = new Table("", "release", "state", "time", "commit", "operator", "version", "files", "size");
        Optional<String> current = state.current().map(Release::id);
        List<Release> newestFirst =
                state.releases().stream().sorted(Release.BY_TIME.reversed()).toList();
        state.leftUploads().stream()
                .filter(id -> !id.startsWith("settle."))
                .forEach(id -> table.row("", id, "uploading", "", "", "", "", "", ""));
        for (Release release : newestFirst) {
            String mark = current.filter(release.id()::equals).isPresent() ? "->" : "";
            Optional<ReleaseRecord> record = release.record();
            if (record.isEmpty()) {
                table.row(mark, release.id(), "unknown", "", "", "", "", "", "");
                continue;
            }
            ReleaseRecord known = record.get();
            table.row(
                    mark,
                    known.id(),
                    known.state().word(),
                    known.created().toString(),
                    known.commit(),
                    known.operator(),
                    known.version(),
                    Integer.toString(known.files()),
                    Long.toString(known.bytes()));
        }
        return table;
    }
}
