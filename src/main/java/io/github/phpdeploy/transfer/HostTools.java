package io.github.phpdeploy.transfer;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a host has that makes transfers shorter.
 *
 * @param zstd whether it unpacks Zstandard
 * @param interpreter a program that can put files together from pieces: {@code perl}, {@code php} or {@code python3}
 */
public record HostTools(boolean zstd, Optional<String> interpreter) {

    /** A host with nothing but what all have. */
    public static final HostTools NONE = new HostTools(false, Optional.empty());

    /**
     * Looks through the names of programs.
     *
     * @param programs what is there
     * @return what is of use
     */
    public static HostTools among(Set<String> programs) {
        return new HostTools(
                programs.contains("zstd"),
                Stream.of("perl", "php", "python3").filter(programs::contains).findFirst());
    }
}
