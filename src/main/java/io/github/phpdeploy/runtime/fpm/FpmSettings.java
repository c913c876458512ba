package io.github.phpdeploy.runtime.fpm;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How PHP-FPM is found, asked, and brought to run another release.
 *
 * @param control how its master is found and reloaded
 * @param asking how its pool is asked
 * @param strategy how it is brought to run another release
 * @param longestRequest seconds that the longest request takes which must not be lost; empty where nobody said
 * @param allowDrops whether to go on where requests would be lost, or nothing can be proved
 */
public record FpmSettings(
        Control control, Asking asking, Strategy strategy, Optional<Duration> longestRequest, boolean allowDrops) {

    /** The ways in which FPM can be brought to run another release. */
    public enum Strategy {
        /** Whatever loses nothing, by what was found. */
        AUTO,
        /** Nothing is reloaded: somebody knows that the web server passes resolved paths. */
        NONE,
        /** A graceful reload. */
        RELOAD,
        /** OPcache is reset inside FPM. */
        RESET,
        /** A new master is started beside the old one: see {@link FpmPair}. */
        REPLACE
    }

    /**
     * How the master is found and reloaded. With none of the first three, the only FPM master that runs is taken.
     *
     * @param service its systemd unit, such as {@code php8.2-fpm}
     * @param pidFile where its master writes its process id
     * @param command a command that reloads it, instead of the signal
     * @param test a command that tests its configuration, instead of {@code php-fpm -t} as the master runs it
     * @param sudo whether systemctl, signals and commands go through {@code sudo -n}
     * @param limit how long a reload may take until the last old worker is gone
     */
    public record Control(
            Optional<String> service,
            Optional<String> pidFile,
            Optional<String> command,
            Optional<String> test,
            boolean sudo,
            Duration limit) {}

    /**
     * How the pool is asked.
     *
     * @param socket its socket, a path or {@code host:port}; empty for the only pool's
     * @param probeDirectory where the script lies that asks; empty for the deploy path
     * @param entries files of the application that requests begin with; the first that a release has is taken
     * @param preview what is asked of a release before it is activated; empty for only compiling its entry
     * @param limit how long the pool may take to show the new release
     */
    public record Asking(
            Optional<String> socket,
            Optional<String> probeDirectory,
            List<String> entries,
            Optional<Preview> preview,
            Duration limit) {

        /** Where front controllers lie, unless somebody says it. */
        public static final List<String> ENTRIES =
                List.of("public/index.php", "index.php", "web/index.php", "htdocs/index.php", "webroot/index.php");

        /** Immutable. */
        public Asking {
            entries = List.copyOf(entries);
        }

        /**
         * Nothing that a user would have to say.
         *
         * @param limit how long the pool may take to show the new release
         * @return the only pool, asked from the deploy path
         */
        public static Asking standard(Duration limit) {
            return new Asking(Optional.empty(), Optional.empty(), ENTRIES, Optional.empty(), limit);
        }
    }

    /**
     * What is asked of a release before it is activated.
     *
     * @param uri path and query, such as {@code /health}
     * @param status the status that is expected
     */
    public record Preview(String uri, int status) {}

    /**
     * Settings with what most need.
     *
     * @param pidFile where the master writes its process id
     * @param limit how long a reload and a proof may take
     * @return settings
     */
    public static FpmSettings of(String pidFile, Duration limit) {
        return new FpmSettings(
                new Control(Optional.empty(), Optional.of(pidFile), Optional.empty(), Optional.empty(), false, limit),
                Asking.standard(limit),
                Strategy.AUTO,
                Optional.empty(),
                false);
    }
}
