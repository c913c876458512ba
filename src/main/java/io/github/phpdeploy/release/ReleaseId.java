package io.github.phpdeploy.release;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Printable;

/** Names of releases: {@code 20261121214200-1a2b3c4}, or what the user chose. */
public final class ReleaseId {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss").withZone(ZoneOffset.UTC);

    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private ReleaseId() {}

    /**
     * The name of a release that is made now.
     *
     * @param time when it is made
     * @param commit what it was made from, where that is known
     * @return a name that sorts by time
     */
    public static String of(Instant time, Optional<String> commit) {
        return TIME.format(time) + commit.map(c -> "-" + c).orElse("");
    }

    /**
     * Checks a name that a user chose: it becomes a directory's.
     *
     * @param id the name
     * @return the same
     * @throws PhpDeployException when it holds anything but letters, digits, dots, hyphens and underscores, begins with
     *     none of the first two, holds two dots in a row, or is longer than 100 characters
     */
    public static String check(String id) {
        if (!VALID.matcher(id).matches() || id.contains("..")) {
            throw new PhpDeployException(
                    "\"" + Printable.line(id) + "\" cannot be the name of a release",
                    "use up to 100 letters, digits, dots, hyphens and underscores in php.release, as in 1.4.2-rc1");
        }
        return id;
    }
}
