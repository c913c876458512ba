package io.github.phpdeploy.runtime.fpm;

import java.util.Optional;

import io.github.phpdeploy.runtime.Intent;

/**
 * How FPM is brought to run another release.
 *
 * @param kind what is done
 * @param why why so, in one clause
 * @param resolved whether the pool showed that the web server passes resolved paths, so that nobody asks by way of {@code
 *     current}
 */
record FpmWay(Kind kind, String why, boolean resolved) {

    FpmWay(Kind kind, String why) {
        this(kind, why, false);
    }

    /** What can be done. */
    enum Kind {
        /** Each request brings the path of its release: nothing needs to be done. */
        NOTHING,
        /** All workers are replaced, and OPcache with them. */
        RELOAD,
        /** OPcache forgets everything, and the workers forget where paths led. */
        RESET
    }

    /**
     * Chooses.
     *
     * <p>OPcache knows how the web server passes paths: what it was given through {@code current} it keeps under that very
     * path, and never looks again where it leads; what it was given by its resolved path it keeps under that alone.
     *
     * @param strategy what the user wants
     * @param intent what for
     * @param look what the pool said; empty where there is no site yet
     * @param root the deploy path
     */
    static FpmWay choose(FpmSettings.Strategy strategy, Intent intent, Optional<PoolLook> look, String root) {
        return switch (strategy) {
            case NONE ->
                intent == Intent.RELOAD
                        ? new FpmWay(Kind.RELOAD, "it was asked for")
                        : new FpmWay(
                                Kind.NOTHING,
                                "php.fpm.strategy says so",
                                look.filter(FpmWay::showsPaths)
                                        .flatMap(PoolLook::visited)
                                        .isPresent());
            case RELOAD -> new FpmWay(Kind.RELOAD, "php.fpm.strategy says so");
            case RESET -> new FpmWay(Kind.RESET, "php.fpm.strategy says so");
            case REPLACE -> throw new IllegalArgumentException("a master that is replaced does nothing in place");
            case AUTO ->
                intent == Intent.RELOAD
                        ? new FpmWay(Kind.RELOAD, "it was asked for")
                        : look.map(seen -> choose(seen, root))
                                .orElse(new FpmWay(Kind.NOTHING, "nothing has been served from here yet"));
        };
    }

    private static FpmWay choose(PoolLook look, String root) {
        if (!look.linked().isEmpty()) {
            return new FpmWay(
                    Kind.RELOAD,
                    "the web server passes unresolved paths: OPcache keeps " + root + "/current/"
                            + look.linked().get(0) + ", and would go on executing what that led to");
        }
        String preload = look.ini("opcache.preload");
        if (!preload.isEmpty()) {
            return new FpmWay(Kind.RELOAD, "opcache.preload (" + preload + ") is read at a reload only");
        }
        if (look.current().isEmpty()) {
            return new FpmWay(Kind.NOTHING, "nothing has been served from here yet");
        }
        if (!showsPaths(look)) {
            return new FpmWay(
                    Kind.RELOAD, "how the web server passes paths is not known: opcache.revalidate_path = 1 hides it");
        }
        Optional<String> visited = look.visited();
        if (visited.isPresent()) {
            return new FpmWay(
                    Kind.NOTHING,
                    "the web server passes resolved paths: OPcache keeps " + root + "/releases/" + visited.get()
                            + ", and nothing by way of " + root + "/current",
                    true);
        }
        return new FpmWay(
                Kind.RELOAD,
                look.hasOpcache()
                        ? "how the web server passes paths is not known: OPcache has nothing of this site"
                        : "how the web server passes paths is not known: OPcache "
                                + (look.opcacheIsSilent() ? "may not be asked" : "is off"));
    }

    /**
     * Whether what OPcache keeps tells how the web server passes paths. With {@code opcache.revalidate_path} it keeps nothing by way
     * of {@code current}, whatever is passed, and workers follow that each in its time.
     */
    private static boolean showsPaths(PoolLook look) {
        return look.linked().isEmpty() && !look.ini("opcache.revalidate_path").equals("1");
    }

    /** Whether it was chosen for want of knowledge. */
    boolean isGuess() {
        return why.contains("is not known");
    }
}
