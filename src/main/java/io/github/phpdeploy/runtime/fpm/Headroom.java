package io.github.phpdeploy.runtime.fpm;

import java.util.Locale;

/**
 * Whether OPcache has room for one release more. What it cannot take it does not keep, and that code is compiled for every
 * request; and it restarts by itself only when enough of it is wasted, which old releases are not.
 *
 * @param look what OPcache has
 * @param need what one release takes, at least
 */
record Headroom(PoolLook look, PoolLook.Cached need) {

    /** Releases grow, and not all of the current one has been asked for yet. */
    private static final double MARGIN = 1.25;

    private static final double MIB = 1 << 20;

    /**
     * Measures.
     *
     * @param look what OPcache has
     * @param release the one that is current
     */
    static Headroom of(PoolLook look, String release) {
        // the current one has just begun: earlier ones show what a release comes to
        int scripts = 0;
        long memory = 0;
        for (PoolLook.Cached cached : look.releases().values()) {
            scripts = Math.max(scripts, cached.scripts());
            memory = Math.max(memory, cached.memory());
        }
        return new Headroom(look, new PoolLook.Cached(scripts, memory, 0));
    }

    boolean suffices() {
        return !look.hasOpcache()
                || !look.isFull()
                        && look.freeKeys() >= need.scripts() * MARGIN
                        && look.freeMemory() >= need.memory() * MARGIN;
    }

    /** Whether it holds anything that could go. */
    boolean canBeFreed() {
        return look.releases().size() > 1;
    }

    String words() {
        return String.format(
                Locale.ROOT,
                "OPcache has room for %,d files and %.1f MiB, and a release takes %,d and %.1f MiB%s",
                look.freeKeys(),
                look.freeMemory() / MIB,
                need.scripts(),
                need.memory() / MIB,
                canBeFreed() ? "" : ": raise opcache.max_accelerated_files and opcache.memory_consumption");
    }
}
