package io.github.phpdeploy.host;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How a script ended. What a host says is data, not to be trusted: print it only through {@link #complaint()}.
 *
 * @param exitCode the script's exit code, or 128 plus the signal that ended it
 * @param output what it wrote to standard output that nobody had read
 * @param errors the first {@value Running#KEPT_ERRORS} bytes of its standard error
 */
public record ScriptResult(int exitCode, byte[] output, byte[] errors) {

    /**
     * Whether the script succeeded.
     *
     * @return true for exit code 0
     */
    public boolean ok() {
        return exitCode == 0;
    }

    /**
     * Standard output as text.
     *
     * @return the output, read as UTF-8
     */
    public String text() {
        return new String(output, StandardCharsets.UTF_8);
    }

    /**
     * Standard output, line by line.
     *
     * @return the lines without their ends
     */
    public List<String> lines() {
        return text().lines().toList();
    }

    /**
     * The last words on standard error, made fit to be printed.
     *
     * @return one line of at most 500 characters without control characters; empty when it said nothing
     */
    public String complaint() {
        String text = new String(errors, StandardCharsets.UTF_8).strip();
        int from = Math.max(0, text.length() - 500);
        return Printable.line(text.substring(from));
    }
}
