package io.github.phpdeploy.mojo;

import java.time.Duration;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.runtime.NoRuntime;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.command.CommandRuntime;
import io.github.phpdeploy.runtime.fpm.FpmRuntime;
import io.github.phpdeploy.runtime.fpm.FpmSettings;
import io.github.phpdeploy.runtime.frankenphp.FrankenPhp;
import io.github.phpdeploy.runtime.modphp.ModPhp;
import io.github.phpdeploy.runtime.octane.OctaneRuntime;
import io.github.phpdeploy.runtime.replace.ReplaceRuntime;
import io.github.phpdeploy.runtime.replace.ReplaceSettings;
import io.github.phpdeploy.runtime.resident.ResidentRuntime;
import io.github.phpdeploy.runtime.roadrunner.RoadRunnerRuntime;
import io.github.phpdeploy.runtime.swoole.Swoole;
import io.github.phpdeploy.runtime.workerman.Workerman;

/** Finds the runtime that a user names. */
final class Runtimes {

    private Runtimes() {}

    /**
     * What does not depend on the runtime.
     *
     * @param sudo whether commands and signals go through sudo
     * @param reloadLimit how long a reload may take
     * @param proveLimit how long the runtime may take to show the new release
     * @param drainLimit how long the last requests of an old master may take
     * @param allowDrops whether to go on where requests would be lost
     */
    record Common(boolean sudo, Duration reloadLimit, Duration proveLimit, Duration drainLimit, boolean allowDrops) {

        ReplaceSettings.Limits limits() {
            return new ReplaceSettings.Limits(reloadLimit, proveLimit, drainLimit);
        }
    }

    /**
     * What does.
     *
     * @param fpm {@code <fpm>}
     * @param swoole {@code <swoole>}
     * @param workerman {@code <workerman>}
     * @param modPhp {@code <modphp>}
     * @param replace {@code <replace>}
     * @param frankenphp {@code <frankenphp>}
     * @param octane {@code <octane>}
     * @param command {@code <command>}
     * @param roadrunner {@code <roadrunner>}
     */
    record Beans(
            FpmBean fpm,
            ResidentBean swoole,
            ResidentBean workerman,
            ModPhpBean modPhp,
            ReplaceBean replace,
            FrankenPhpBean frankenphp,
            OctaneBean octane,
            CommandBean command,
            RoadRunnerBean roadrunner) {}

    /**
     * The runtime of a name.
     *
     * @throws PhpDeployException when there is none of that name, or its settings are missing
     */
    static Runtime named(String name, Beans beans, Common common) {
        return switch (name.strip()) {
            case NoRuntime.NAME, "" -> new NoRuntime();
            case FpmRuntime.NAME -> fpm(beans, common);
            case Swoole.NAME ->
                beans.swoole.isReplaced()
                        ? replacing(Swoole.NAME, "TERM", beans.replace, common)
                        : new ResidentRuntime(new Swoole(), beans.swoole.toSettings(Swoole.NAME, null, common));
            case Workerman.NAME ->
                beans.workerman.isReplaced()
                        ? replacing(Workerman.NAME, "QUIT", beans.replace, common)
                        : new ResidentRuntime(
                                new Workerman(), beans.workerman.toSettings(Workerman.NAME, Workerman.MONITOR, common));
            case ModPhp.NAME -> new ModPhp(beans.modPhp.toSettings(common));
            case ReplaceRuntime.NAME -> replacing(ReplaceRuntime.NAME, "TERM", beans.replace, common);
            case FrankenPhp.NAME -> beans.frankenphp.toRuntime(beans.replace, common);
            case OctaneRuntime.NAME -> beans.octane.toRuntime(beans.replace, common);
            case RoadRunnerRuntime.NAME -> beans.roadrunner.toRuntime(common);
            case CommandRuntime.NAME -> beans.command.toRuntime(common);
            default ->
                throw new PhpDeployException(
                        "there is no runtime \"" + name + "\"",
                        "set php.runtime to none, fpm, swoole, workerman, roadrunner, octane, frankenphp, modphp, replace or command");
        };
    }

    private static Runtime fpm(Beans beans, Common common) {
        FpmSettings settings =
                beans.fpm.toSettings(common.sudo, common.reloadLimit, common.proveLimit, common.allowDrops);
        if (settings.strategy() != FpmSettings.Strategy.REPLACE) {
            return new FpmRuntime(settings);
        }
        return FpmRuntime.replacing(
                settings, beans.fpm.toPair(beans.replace.toSettings("QUIT", false, common.sudo, common.limits())));
    }

    /** Whatever serves by itself, with the signal that ends it when nobody is connected any more. */
    private static Runtime replacing(String name, String signal, ReplaceBean replace, Common common) {
        return new ReplaceRuntime(
                name,
                replace.toSettings(signal, true, common.sudo, common.limits()),
                replace.toServer(common.proveLimit));
    }
}
