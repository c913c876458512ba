package io.github.phpdeploy.mojo;

import java.time.Duration;
import java.util.Optional;

import io.github.phpdeploy.runtime.fpm.FpmSettings;

/** {@code <fpm>}: how PHP-FPM is found and reloaded. Properties {@code php.fpm.*} win over it. */
public class FpmBean {

    private String service;
    private String pidFile;
    private String socket;
    private String command;
    private String test;

    /** The same with what the properties say; null where they say nothing. */
    FpmBean with(String service, String pidFile, String socket, String command, String test) {
        FpmBean merged = new FpmBean();
        merged.service = service == null ? this.service : service;
        merged.pidFile = pidFile == null ? this.pidFile : pidFile;
        merged.socket = socket == null ? this.socket : socket;
        merged.command = command == null ? this.command : command;
        merged.test = test == null ? this.test : test;
        return merged;
    }

    FpmSettings toSettings(boolean sudo, Duration limit) {
        return new FpmSettings(given(service), given(pidFile), given(command), given(test), sudo, limit);
    }

    private static Optional<String> given(String text) {
        return Optional.ofNullable(text).map(String::strip).filter(value -> !value.isEmpty());
    }
}
