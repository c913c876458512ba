package io.github.phpdeploy.runtime;

import java.util.List;

/**
 * What the code of a site may write into.
 *
 * @param account who executes it; empty where that is not known
 * @param refused the directories, of those asked for, that are there and that it cannot write into
 */
public record Writes(String account, List<String> refused) {

    /** Immutable. */
    public Writes {
        refused = List.copyOf(refused);
    }
}
