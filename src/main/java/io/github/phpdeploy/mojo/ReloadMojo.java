package io.github.phpdeploy.mojo;

import javax.inject.Inject;

import io.github.phpdeploy.deploy.HostConnector;
import io.github.phpdeploy.deploy.Initiator;
import io.github.phpdeploy.deploy.SiteOperations;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;

/** Reloads the PHP runtime on every host, and nothing else. */
@Mojo(name = "reload", requiresProject = false, aggregator = true, threadSafe = true)
public class ReloadMojo extends AbstractRuntimeMojo {

    /** Whether to say what would be reloaded, and to reload nothing. */
    @Parameter(property = "php.dryRun", defaultValue = "false")
    private boolean dryRun;

    /**
     * The goal.
     *
     * @param decrypter decrypts passwords of settings.xml
     */
    @Inject
    public ReloadMojo(SettingsDecrypter decrypter) {
        super(decrypter);
    }

    @Override
    void run() {
        SiteOperations hosts = new SiteOperations(HostConnector.STANDARD, targets());
        Initiator initiator = Initiator.of(System.getenv());
        for (SiteOperations.Answer<String> answer :
                dryRun ? hosts.inspect(runtime()) : hosts.reload(runtime(), initiator)) {
            getLog().info(answer.host() + ": " + (dryRun ? "dry run: " : "") + answer.answer());
        }
    }
}
