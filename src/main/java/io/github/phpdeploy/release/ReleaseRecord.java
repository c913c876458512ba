package io.github.phpdeploy.release;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;

/**
 * What a host remembers of a release, one line of JSON in {@code .php-deploy/releases/<id>.json}.
 *
 * @param id the release
 * @param state what is known of it
 * @param created when its deploy began
 * @param commit what it was made from; empty where that is not known
 * @param operator who made it
 * @param version the project's version; empty where there is none
 * @param files how many files and links it has
 * @param bytes how large its content is
 * @param manifest the SHA-256 of its manifest in hexadecimal; empty until it is complete
 * @param previous the release that was current before it; empty where there was none, or it never was current
 */
public record ReleaseRecord(
        String id,
        ReleaseState state,
        Instant created,
        String commit,
        String operator,
        String version,
        int files,
        long bytes,
        String manifest,
        String previous) {

    /**
     * The same release in another state.
     *
     * @param now the state
     * @return a changed copy
     */
    public ReleaseRecord in(ReleaseState now) {
        return new ReleaseRecord(id, now, created, commit, operator, version, files, bytes, manifest, previous);
    }

    /**
     * The same release after another.
     *
     * @param before the release that was current before it; empty for none
     * @return a changed copy
     */
    public ReleaseRecord after(String before) {
        return new ReleaseRecord(id, state, created, commit, operator, version, files, bytes, manifest, before);
    }

    /**
     * The record as the host keeps it.
     *
     * @return one line of JSON
     */
    public String json() {
        return new JsonLine()
                .with("release", id)
                .with("state", state.word())
                .with("created", created.toString())
                .with("commit", commit)
                .with("operator", operator)
                .with("version", version)
                .with("files", files)
                .with("bytes", bytes)
                .with("manifest", manifest)
                .with("previous", previous)
                .line();
    }

    /**
     * Reads what {@link #json()} wrote.
     *
     * @param line one line of JSON
     * @return the record; empty when it is none
     */
    public static Optional<ReleaseRecord> parse(String line) {
        try {
            JsonLine json = JsonLine.parse(line);
            return Optional.of(new ReleaseRecord(
                    ReleaseId.check(json.required("release")),
                    ReleaseState.valueOf(json.required("state").toUpperCase(Locale.ROOT)),
                    Instant.parse(json.required("created")),
                    json.text("commit"),
                    json.text("operator"),
                    json.text("version"),
                    Math.toIntExact(json.number("files")),
                    json.number("bytes"),
                    json.text("manifest"),
                    json.text("previous")));
        } catch (DateTimeException | ArithmeticException | IllegalArgumentException | PhpDeployException e) {
            return Optional.empty();
        }
    }
}
