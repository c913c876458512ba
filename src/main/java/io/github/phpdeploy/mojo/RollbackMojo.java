package io.github.phpdeploy.mojo;

import java.util.Optional;

import javax.inject.Inject;

import io.github.phpdeploy.deploy.HostConnector;
import io.github.phpdeploy.deploy.RollbackRequest;
import io.github.phpdeploy.deploy.Rollbacker;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;

/**
 * Brings the last good release before the current one back, or the one that {@code -Dphp.release} names: switches, reloads,
 * checks that the site is healthy. The release that is left is remembered as bad.
 */
@Mojo(name = "rollback", requiresProject = false, aggregator = true, threadSafe = true)
public class RollbackMojo extends AbstractSwitchMojo {

    /** The release to go to; the newest good one that is older than the current unless set. */
    @Parameter(property = "php.release")
    private String release;

    /** Whether to go to a release that is known to be bad or was never proved; only with {@code php.release}. */
    @Parameter(property = "php.force", defaultValue = "false")
    private boolean force;

    /** Whether to say exactly what would be switched and reloaded, and to change nothing. */
    @Parameter(property = "php.dryRun", defaultValue = "false")
    private boolean dryRun;

    /**
     * The goal.
     *
     * @param decrypter decrypts passwords of settings.xml
     */
    @Inject
    public RollbackMojo(SettingsDecrypter decrypter) {
        super(decrypter);
    }

    @Override
    void run() {
        switchHosts("rollback", log -> {
            Rollbacker rollbacker = new Rollbacker(HostConnector.STANDARD, log);
            return dryRun ? rollbacker.plan(request()) : rollbacker.rollback(request());
        });
    }

    private RollbackRequest request() {
        return new RollbackRequest(
                targets(),
                fleet(),
                Optional.ofNullable(release).map(String::strip).filter(id -> !id.isEmpty()),
                force,
                initiator(),
                lockWait(),
                runtime(),
                health());
    }
}
