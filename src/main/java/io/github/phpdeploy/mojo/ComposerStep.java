package io.github.phpdeploy.mojo;

import java.nio.file.Path;

import io.github.phpdeploy.archive.Composer;
import org.apache.maven.plugin.logging.Log;

/** Installs the application's packages when asked to, and says so when nobody did. */
final class ComposerStep {

    private ComposerStep() {}

    static void run(ComposerBean composer, Path application, Log log) {
        if (composer != null) {
            composer.toComposer().install(application, line -> log.info("composer: " + line));
        } else if (Composer.isMissingVendor(application)) {
            log.warn("There is a composer.json in " + application + ", but no vendor directory: the application will"
                    + " miss its packages. Run \"composer install --no-dev --optimize-autoloader\" before, or add"
                    + " <composer/> to the plugin's configuration.");
        }
    }
}
