package io.github.phpdeploy.release;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What was done to a deploy path, one line of JSON in {@code .php-deploy/journal.jsonl}.
 *
 * @param time when it ended
 * @param action {@code deploy} or {@code rollback}
 * @param release the release that was to become current
 * @param previous the release that was current before; empty for none
 * @param outcome {@code success}; {@code failed} before anything was switched; {@code rolled-back}, switched and undone
 * @param operator who did it
 * @param version the project's version
 * @param commit what the release was made from
 * @param host the host, as the operator calls it
 * @param files files that were sent
 * @param bytes bytes that were sent, compressed
 * @param millis how long it took
 * @param message what went wrong; on success, in which way the runtime was brought to execute the release
 * @param runtime what the runtime had to tell: the way, generations of workers, how long they drained
 */
public record JournalEntry(
        Instant time,
        String action,
        String release,
        String previous,
        String outcome,
        String operator,
        String version,
        String commit,
        String host,
        int files,
        long bytes,
        long millis,
        String message,
        Map<String, String> runtime) {

    /** Immutable. */
    public JournalEntry {
        runtime = Collections.unmodifiableMap(new LinkedHashMap<>(runtime));
    }

    /**
     * The entry as the host keeps it.
     *
     * @return one line of JSON
     */
    public String json() {
        return new JsonLine()
                .with("time", time.truncatedTo(ChronoUnit.MILLIS).toString())
                .with("action", action)
                .with("release", release)
                .with("previous", previous)
                .with("outcome", outcome)
                .with("operator", operator)
                .with("version", version)
                .with("commit", commit)
                .with("host", host)
                .with("files", files)
                .with("bytes", bytes)
                .with("millis", millis)
                .with("message", message)
                .with("runtime", runtime)
                .line();
    }

    /**
     * Reads what {@link #json()} wrote.
     *
     * @param line one line of JSON
     * @return the entry; empty when it is none
     */
    public static Optional<JournalEntry> parse(String line) {
        try {
            JsonLine json = JsonLine.parse(line);
            return Optional.of(new JournalEntry(
                    Instant.parse(json.required("time")),
                    json.text("action"),
                    json.text("release"),
                    json.text("previous"),
                    json.text("outcome"),
                    json.text("operator"),
                    json.text("version"),
                    json.text("commit"),
                    json.text("host"),
                    Math.toIntExact(json.number("files")),
                    json.number("bytes"),
                    json.number("millis"),
                    json.text("message"),
                    json.texts("runtime")));
        } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
