package io.github.phpdeploy.runtime;

import java.util.List;

/**
 * The workers that were there when a reload began, and must be gone when it has ended.
 *
 * @param workers each as process id and start time, in whatever form the runtime gives them; empty where nothing was
 *     reloaded
 * @param how what was done, in one clause
 */
public record Generation(List<String> workers, String how) {

    /** Immutable. */
    public Generation {
        workers = List.copyOf(workers);
    }

    /**
     * No reload.
     *
     * @param how why not, in one clause
     * @return nobody to wait for
     */
    public static Generation none(String how) {
        return new Generation(List.of(), how);
    }
}
