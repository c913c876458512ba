package io.github.phpdeploy.runtime.resident;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A server as it looks from the host, and as it shows itself.
 *
 * @param host what the user calls the host
 * @param seen how it looks from the host
 * @param sightings what it answered, over several new connections; empty where it did not answer
 * @param silence why it did not answer; empty where it did
 * @param keptAlive whether it leaves connections open after an answer
 */
public record Look(String host, Seen seen, List<Sighting> sightings, String silence, boolean keptAlive) {

    /** How far apart two times must be to be told apart, in seconds: the kernel tells its start in whole ones. */
    static final long TOLERANCE = 2;

    /** Immutable. */
    public Look {
        sightings = List.copyOf(sightings);
    }

    /**
     * Something that the server says of itself.
     *
     * @param name such as {@code mode}
     * @return in lower case; empty where it does not say
     */
    public Optional<String> detail(String name) {
        return sightings.stream().flatMap(one -> one.detail(name).stream()).findFirst();
    }

    /**
     * A number that the server says of itself.
     *
     * @param name such as {@code max_wait_time}
     * @return the number; empty where it does not say
     */
    public OptionalLong number(String name) {
        return sightings.stream()
                .map(one -> one.number(name))
                .filter(OptionalLong::isPresent)
                .findFirst()
                .orElse(OptionalLong.empty());
    }

    /** All releases that it has shown. */
    TreeSet<String> releases() {
        return sightings.stream()
                .flatMap(one -> one.releases().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Whether workers execute {@code current} and nothing else, though the master is older than that.
     *
     * @return true where nothing binds it, whatever it was started by
     */
    public boolean isProved() {
        return releases().equals(Set.of(seen.current()))
                && seen.since() > 0
                && seen.since() < seen.switched() - TOLERANCE;
    }

    /** Whether OPcache is on in it; empty where that is not known. */
    Optional<Boolean> enableCli() {
        Optional<String> said = detail("enable_cli");
        if (said.isPresent()) {
            return said.map(value -> value.equals("1"));
        }
        if (seen.title().matches(".*-d ?opcache\\.enable_cli=(?i:1|on|yes|true)\\b.*")) {
            return Optional.of(true);
        }
        return seen.enableCli().isEmpty()
                ? Optional.empty()
                : Optional.of(seen.enableCli().equals("1"));
    }
}
