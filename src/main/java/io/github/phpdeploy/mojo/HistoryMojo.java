package io.github.phpdeploy.mojo;

import java.util.List;

import javax.inject.Inject;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.deploy.HostConnector;
import io.github.phpdeploy.deploy.SiteOperations;
import io.github.phpdeploy.release.JournalEntry;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;

/** Shows what was deployed and rolled back on every host, newest first. */
@Mojo(name = "history", requiresProject = false, aggregator = true, threadSafe = true)
public class HistoryMojo extends AbstractHostMojo {

    /** How many entries are shown for each host. */
    @Parameter(property = "php.limit", defaultValue = "20")
    private int limit;

    /**
     * The goal.
     *
     * @param decrypter decrypts passwords of settings.xml
     */
    @Inject
    public HistoryMojo(SettingsDecrypter decrypter) {
        super(decrypter);
    }

    @Override
    void run() {
        if (limit < 1) {
            throw new PhpDeployException("php.limit is " + limit, "ask for at least 1 entry");
        }
        for (SiteOperations.Answer<List<JournalEntry>> answer :
                new SiteOperations(HostConnector.STANDARD, targets()).history(limit)) {
            if (answer.answer().isEmpty()) {
                getLog().info(answer.host() + ": nothing was deployed yet");
                continue;
            }
            getLog().info(answer.host() + ":");
            Table table = new Table(
                    "time", "action", "release", "previous", "outcome", "operator", "files", "bytes", "ms", "message");
            for (JournalEntry entry : answer.answer()) {
                table.row(
                        entry.time().toString(),
                        entry.action(),
                        entry.release(),
                        entry.previous(),
                        entry.outcome(),
                        entry.operator(),
                        Integer.toString(entry.files()),
                        Long.toString(entry.bytes()),
                        Long.toString(entry.millis()),
                        entry.message());
            }
            table.lines().forEach(getLog()::info);
        }
    }
}
