package io.github.phpdeploy.release;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

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
 * @param message what went wrong; empty on success
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
        String message) {

    /**
     * The entry as the host keeps it.
     *
     * @return one line of JSON
     */
    public String json() {
        JsonObject json = new JsonObject();
        json.addProperty("time", time.truncatedTo(ChronoUnit.MILLIS).toString());
        json.addProperty("action", action);
        json.addProperty("release", release);
        json.addProperty("previous", previous);
        json.addProperty("outcome", outcome);
        json.addProperty("operator", operator);
        json.addProperty("version", version);
        json.addProperty("commit", commit);
        json.addProperty("host", host);
        json.addProperty("files", files);
        json.addProperty("bytes", bytes);
        json.addProperty("millis", millis);
        json.addProperty("message", message);
        return json.toString();
    }

    /**
     * Reads what {@link #json()} wrote.
     *
     * @param line one line of JSON
     * @return the entry; empty when it is none
     */
    public static Optional<JournalEntry> parse(String line) {
        try {
            JsonObject json = JsonParser.parseString(line).getAsJsonObject();
            return Optional.of(new JournalEntry(
                    Instant.parse(json.get("time").getAsString()),
                    text(json, "action"),
                    text(json, "release"),
                    text(json, "previous"),
                    text(json, "outcome"),
                    text(json, "operator"),
                    text(json, "version"),
                    text(json, "commit"),
                    text(json, "host"),
                    (int) number(json, "files"),
                    number(json, "bytes"),
                    number(json, "millis"),
                    text(json, "message")));
        } catch (JsonParseException
                | IllegalStateException
                | NullPointerException
                | java.time.DateTimeException
                | NumberFormatException
                | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    private static String text(JsonObject json, String name) {
        JsonElement value = json.get(name);
        return value == null || value.isJsonNull() ? "" : value.getAsString();
    }

    private static long number(JsonObject json, String name) {
        JsonElement value = json.get(name);
        return value == null || value.isJsonNull() ? 0 : value.getAsLong();
    }
}
