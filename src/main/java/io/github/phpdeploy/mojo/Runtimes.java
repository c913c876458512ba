package io.github.phpdeploy.mojo;

import java.time.Duration;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.runtime.NoRuntime;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.command.CommandRuntime;
import io.github.phpdeploy.runtime.fpm.FpmRuntime;

/** Finds the runtime that a user names. */
final class Runtimes {

    private Runtimes() {}

    /**
     * The runtime of a name.
     *
     * @throws PhpDeployException when there is none of that name, or its settings are missing
     */
    static Runtime named(String name, FpmBean fpm, String reload, boolean sudo, Duration limit) {
        return switch (name.strip()) {
            case NoRuntime.NAME, "" -> new NoRuntime();
            case FpmRuntime.NAME -> new FpmRuntime(fpm.toSettings(sudo, limit));
            case CommandRuntime.NAME -> {
                if (reload == null || reload.isBlank()) {
                    throw new PhpDeployException(
                            "php.runtime is command, but there is no command",
                            "write <command><reload>…</reload></command>, or set -Dphp.command.reload");
                }
                yield new CommandRuntime(reload.strip(), sudo, limit);
            }
            default ->
                throw new PhpDeployException(
                        "there is no runtime \"" + name + "\"", "set php.runtime to none, fpm or command");
        };
    }
}
