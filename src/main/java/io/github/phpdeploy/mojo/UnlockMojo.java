package io.github.phpdeploy.mojo;

import java.util.Optional;

import javax.inject.Inject;

import io.github.phpdeploy.deploy.HostConnector;
import io.github.phpdeploy.deploy.SiteOperations;
import io.github.phpdeploy.release.LockHolder;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;

/**
 * Shows who holds the lock of the deploy path, and breaks it with {@code -Dphp.force}. That is seldom needed: a build that
 * is killed gives its lock back by itself.
 */
@Mojo(name = "unlock", requiresProject = false, aggregator = true, threadSafe = true)
public class UnlockMojo extends AbstractHostMojo {

    /** Whether to break the lock; the deploy that holds it then fails. */
    @Parameter(property = "php.force", defaultValue = "false")
    private boolean force;

    /** Whether only to look, even with {@code php.force}. */
    @Parameter(property = "php.dryRun", defaultValue = "false")
    private boolean dryRun;

    /**
     * The goal.
     *
     * @param decrypter decrypts passwords of settings.xml
     */
    @Inject
    public UnlockMojo(SettingsDecrypter decrypter) {
        super(decrypter);
    }

    @Override
    void run() {
        boolean breaks = force && !dryRun;
        for (SiteOperations.Answer<Optional<LockHolder>> answer :
                new SiteOperations(HostConnector.STANDARD, targets()).unlock(breaks)) {
            String words = answer.answer()
                    .map(holder -> (breaks ? "broke the lock of " : "locked by ")
                            + holder.describe()
                            + (breaks ? "" : "; break it with -Dphp.force"))
                    .orElse("not locked");
            getLog().info(answer.host() + ": " + words);
        }
    }
}
