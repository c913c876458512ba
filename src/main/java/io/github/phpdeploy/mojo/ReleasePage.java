package io.github.phpdeploy.mojo;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.probe.HealthCheck;
import io.github.phpdeploy.runtime.resident.ResidentSettings;

/**
 * The page that shows which release is executed, as users write it.
 *
 * @param runtime whose, which its properties begin with
 * @param url where it is
 * @param header the header field that names the release; empty for the usual one
 * @param body what finds it in the body instead; empty for nothing
 */
record ReleasePage(String runtime, Optional<String> url, Optional<String> header, Optional<String> body) {

    /**
     * As a record; empty where there is no such page.
     *
     * @param limit how long it may take to show a new release
     * @throws PhpDeployException when a part of it makes no sense
     */
    Optional<ResidentSettings.Showing> given(Duration limit) {
        return url.map(address -> new ResidentSettings.Showing(
                HealthCheck.address("the URL of php." + runtime + ".url", address), field(), pattern(), limit));
    }

    /** The same for a runtime that must have one. */
    ResidentSettings.Showing required(Duration limit) {
        return given(limit)
                .orElseThrow(() -> new PhpDeployException(
                        "php.runtime is " + runtime + ", but there is no page that shows which release it executes",
                        "set php." + runtime
                                + ".url to one that is asked from the host, such as http://127.0.0.1:9501/health"));
    }

    private String field() {
        String field = header.orElse(ResidentSettings.Showing.HEADER);
        if (!field.matches("[A-Za-z0-9-]{1,100}")) {
            throw new PhpDeployException(
                    "php." + runtime + ".releaseHeader \"" + Printable.line(field) + "\" is no name of a header field",
                    "set it to letters, digits and hyphens, such as " + ResidentSettings.Showing.HEADER);
        }
        return field;
    }

    private Optional<Pattern> pattern() {
        String property = "php." + runtime + ".releaseBody";
        return body.map(text -> {
            Pattern pattern = compile(property, text);
            if (pattern.matcher("").groupCount() == 0) {
                throw new PhpDeployException(
                        property + " \"" + Printable.line(text) + "\" has no group that finds the release",
                        "put parentheses around that part, as in release: ([\\w.-]+)");
            }
            return pattern;
        });
    }

    /** A regular expression of a user's. */
    static Pattern compile(String property, String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new PhpDeployException(
                    property + " is no regular expression: " + Printable.line(e.getDescription()),
                    "correct it, or quote what is meant literally between \\Q and \\E",
                    e);
        }
    }
}
