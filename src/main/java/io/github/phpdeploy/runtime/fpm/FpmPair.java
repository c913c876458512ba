package io.github.phpdeploy.runtime.fpm;

import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.runtime.replace.ReplaceSettings;

/**
 * Two masters of PHP-FPM, one of which serves.
 *
 * @param program the program, such as {@code /usr/sbin/php-fpm8.2}; empty for the newest that is installed
 * @param config a master's configuration on the host, with {@code ${color}} in its path; empty where it is made from a template
 * @param template a file on the host from which each master's configuration is made, with placeholders
 * @param replace how one is replaced by the other
 */
public record FpmPair(
        Optional<String> program, Optional<String> config, Optional<String> template, ReplaceSettings replace) {

    /**
     * A pair that makes sense.
     *
     * @throws PhpDeployException when it is not known how the two masters are configured
     */
    public FpmPair {
        if (config.isPresent() == template.isPresent()) {
            throw new PhpDeployException(
                    "php.fpm.strategy is replace, and "
                            + (config.isPresent()
                                    ? "both php.fpm.config and php.fpm.template are set"
                                    : "how the two masters are configured is not known"),
                    "name a file on the host with ${socket} in it with php.fpm.template, or two files with ${color} in their"
                            + " name with php.fpm.config");
        }
        if (config.filter(path -> !path.contains("${color}")).isPresent()) {
            throw new PhpDeployException(
                    "php.fpm.config names one file for both masters",
                    "write ${color} in its name, which is blue or green, or use php.fpm.template");
        }
    }
}
