package io.github.phpdeploy.release;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

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
        return new JsonLine()
                .with("token", token)
                .with("operator", operator)
                .with("machine", machine)
                .with("process", process)
                .with("job", job)
                .with("action", action)
                .with("since", since.truncatedTo(ChronoUnit.SECONDS).toString())
                .line();
    }

    static LockHolder parse(String line) {
        try {
            JsonLine json = JsonLine.parse(line);
            return new LockHolder(
                    json.required("token"),
                    Printable.line(json.required("operator")),
                    Printable.line(json.required("machine")),
                    json.number("process"),
                    Printable.line(json.required("job")),
                    Printable.line(json.required("action")),
                    Instant.parse(json.required("since")));
        } catch (DateTimeException | IllegalArgumentException e) {
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
