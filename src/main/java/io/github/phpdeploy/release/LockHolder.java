package io.github.phpdeploy.release;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.phpdeploy.host.Printable;

/**
 * Who has the lock of a deploy path, one line of JSON in {@code .php-deploy/lock}.
 *
 * @param token tells this holder from every other; letters and digits
 * @param operator who
 * @param machine on which machine
 * @param process the build's process id there
 * @param job the CI job's address; empty outside CI
 * @param action what for: {@code deploy} or {@code rollback}
 * @param since since when
 */
public record LockHolder(
        String token, String operator, String machine, long process, String job, String action, Instant since) {

    String json() {
        JsonObject json = new JsonObject();
        json.addProperty("token", token);
        json.addProperty("operator", operator);
        json.addProperty("machine", machine);
        json.addProperty("process", process);
        json.addProperty("job", job);
        json.addProperty("action", action);
        json.addProperty("since", since.truncatedTo(ChronoUnit.SECONDS).toString());
        return json.toString();
    }

    static LockHolder parse(String line) {
        try {
            JsonObject json = JsonParser.parseString(line).getAsJsonObject();
            return new LockHolder(
                    json.get("token").getAsString(),
                    Printable.line(json.get("operator").getAsString()),
                    Printable.line(json.get("machine").getAsString()),
                    json.get("process").getAsLong(),
                    Printable.line(json.get("job").getAsString()),
                    Printable.line(json.get("action").getAsString()),
                    Instant.parse(json.get("since").getAsString()));
        } catch (JsonParseException
                | IllegalStateException
                | NullPointerException
                | java.time.DateTimeException
                | NumberFormatException
                | UnsupportedOperationException e) {
            return new LockHolder("", "somebody", "an unknown machine", 0, "", "a deploy", Instant.EPOCH);
        }
    }

    /**
     * The holder in words.
     *
     * @return such as {@code alice on build-7 (process 4711, https://ci.example.com/1), deploy since 2026-11-21T21:42:00Z}
     */
    public String describe() {
        return operator + " on " + machine + (process > 0 ? " (process " + process : "")
                + (job.isEmpty() ? "" : ", " + job) + (process > 0 ? ")" : "") + ", " + action
                + (since.equals(Instant.EPOCH) ? "" : " since " + since);
    }
}
