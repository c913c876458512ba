package io.github.phpdeploy.runtime.fpm;

import java.time.Duration;
import java.util.Optional;

/**
 * How PHP-FPM is found and reloaded. With none of the first three, the only FPM master that runs is taken.
 *
 * @param service its systemd unit, such as {@code php8.2-fpm}
 * @param pidFile where its master writes its process id
 * @param command a command that reloads it, instead of the signal
 * @param test a command that tests its configuration, instead of {@code php-fpm -t} as the master runs it
 * @param sudo whether systemctl, signals and commands go through {@code sudo -n}
 * @param limit how long a reload may take until the last old worker is gone
 */
public record FpmSettings(
        Optional<String> service,
        Optional<String> pidFile,
        Optional<String> command,
        Optional<String> test,
        boolean sudo,
        Duration limit) {}
