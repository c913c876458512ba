package io.github.phpdeploy.mojo;

import java.time.Duration;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.runtime.NoRuntime;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.command.CommandRuntime;
import io.github.phpdeploy.runtime.fpm.FpmRuntime;
import io.github.phpdeploy.runtime.fpm.FpmSettings;
import io.github.phpdeploy.runtime.replace.ReplaceRuntime;
import io.github.phpdeploy.runtime.replace.ReplaceSettings;

/** Finds the runtime that a user names. */
final class Runtimes {

    private Runtimes() {}

    /**
     * What does not depend on the runtime.
     *
     * @param reload the command that reloads any runtime; may be null
     * @param sudo whether commands and signals go through sudo
     * @param reloadLimit how long a reload may take
     * @param proveLimit how long the runtime may take to show the new release
     * @param drainLimit how long the last requests of an old master may take
     * @param allowDrops whether to go on where requests would be lost
     */
    record Common(
            String reload,
            boolean sudo,
            Duration reloadLimit,
            Duration proveLimit,
            Duration drainLimit,
            boolean allowDrops) {

        ReplaceSettings.Limits limits() {
            return new ReplaceSettings.Limits(reloadLimit, proveLimit, drainLimit);
        }
    }

    /**
     * The runtime of a name.
     *
     * @throws PhpDeployException when there is none of that name, or its settings are missing
     */
    static Runtime named(String name, FpmBean fpm, ReplaceBean replace, Common common) {
        return switch (name.strip()) {
            case NoRuntime.NAME, "" -> new NoRuntime();
            case FpmRuntime.NAME -> {
                FpmSettings settings =
                        fpm.toSettings(common.sudo, common.reloadLimit, common.proveLimit, common.allowDrops);
                yield settings.strategy() == FpmSettings.Strategy.REPLACE
                        ? FpmRuntime.replacing(
                                settings, fpm.toPair(replace.toSettings("QUIT", false, common.sudo, common.limits())))
                        : new FpmRuntime(settings);
            }
            case ReplaceRuntime.NAME ->
                new ReplaceRuntime(
                        ReplaceRuntime.NAME,
                        replace.toSettings("TERM", true, common.sudo, common.limits()),
                        replace.toServer(common.proveLimit));
            case CommandRuntime.NAME -> {
                String reload = common.reload;
                if (reload == null || reload.isBlank()) {
                    throw new PhpDeployException(
                            "php.runtime is command, but there is no command",
                            "write <command><reload>…</reload></command>, or set -Dphp.command.reload");
                }
                yield new CommandRuntime(reload.strip(), common.sudo, common.reloadLimit);
            }
            default ->
                throw new PhpDeployException(
                        "there is no runtime \"" + name + "\"", "set php.runtime to none, fpm, replace or command");
        };
    }
}
