package io.github.phpdeploy.probe;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Printable;

/**
 * What is asked, and what counts as healthy.
 *
 * @param url what is requested with GET; {@code http} or {@code https}
 * @param status the status code that is expected
 * @param body what must be found somewhere in the body; empty for anything
 * @param header a header that the answer must have; empty for anything
 * @param limit how long the site may take to become healthy, over all attempts
 * @param interval how long to wait between two attempts
 */
public record HealthCheck(
        URI url, int status, Optional<Pattern> body, Optional<Header> header, Duration limit, Duration interval) {

    /** Stands, in what is expected, for the name of the release that must answer. Maven leaves it alone in a POM. */
    public static final String RELEASE = "@release@";

    /**
     * A header of an answer.
     *
     * @param name in any case
     * @param value the whole of it
     */
    public record Header(String name, String value) {}

    /**
     * A check as users write it.
     *
     * @param url an http or https address
     * @param status a status code, 100 to 599
     * @param body a regular expression that must be found in the body; null or empty for anything
     * @param limit how long the site may take
     * @param interval how long to wait between two attempts
     * @return the check
     * @throws PhpDeployException when one of them makes no sense
     */
    public static HealthCheck of(String url, int status, String body, Duration limit, Duration interval) {
        URI uri = address("the health URL", url);
        if (status < 100 || status > 599) {
            throw new PhpDeployException(
                    status + " is no HTTP status code", "set <health><status> to what the page answers, such as 200");
        }
        try {
            Optional<Pattern> pattern =
                    body == null || body.isEmpty() ? Optional.empty() : Optional.of(Pattern.compile(body));
            return new HealthCheck(uri, status, pattern, Optional.empty(), limit, interval);
        } catch (PatternSyntaxException e) {
            throw new PhpDeployException(
                    "<health><body> is no regular expression: " + Printable.line(e.getDescription()),
                    "correct it, or quote what is meant literally between \\Q and \\E",
                    e);
        }
    }

    /**
     * The same check, which the answer passes with a certain header only.
     *
     * @param text name and value, such as {@code X-Release: @release@}
     * @return the check
     * @throws PhpDeployException when that is no header
     */
    public HealthCheck withHeader(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? "" : text.substring(0, colon).strip();
        String value = text.substring(colon + 1).strip();
        if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+") || value.isEmpty()) {
            throw new PhpDeployException(
                    "<health><header> is \"" + Printable.line(text) + "\"",
                    "write a name, a colon and a value, such as X-Release: " + RELEASE);
        }
        return new HealthCheck(url, status, body, Optional.of(new Header(name, value)), limit, interval);
    }

    /**
     * The check of one release: its name stands where {@link #RELEASE} stood.
     *
     * @param release the release that must answer
     * @return the check
     */
    public HealthCheck forRelease(String release) {
        Optional<Pattern> found = body.map(pattern -> pattern.pattern().contains(RELEASE)
                ? Pattern.compile(pattern.pattern().replace(RELEASE, Pattern.quote(release)))
                : pattern);
        Optional<Header> expected =
                header.map(wanted -> new Header(wanted.name(), wanted.value().replace(RELEASE, release)));
        return new HealthCheck(url, status, found, expected, limit, interval);
    }

    /**
     * The address of a page.
     *
     * @param what what to call it in errors, such as {@code "the health URL"}
     * @param text as users write it
     * @return an http or https address
     * @throws PhpDeployException when it is none, or holds a password
     */
    public static URI address(String what, String text) {
        try {
            URI uri = new URI(text.strip());
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (http && uri.getHost() != null && uri.getPort() <= 65535 && uri.getRawUserInfo() == null) {
                return uri;
            }
            if (uri.getRawUserInfo() != null) {
                throw new PhpDeployException(
                        what + " holds a user name or password (not shown)",
                        "let that page answer without, and remove it");
            }
            throw noUrl(what, text, null);
        } catch (URISyntaxException e) {
            throw noUrl(what, text, e);
        }
    }

    private static PhpDeployException noUrl(String what, String text, Exception cause) {
        return new PhpDeployException(
                what + " \"" + Printable.line(text) + "\" is no http or https address",
                "write it as in http://127.0.0.1/health",
                cause);
    }

    String address() {
        return Pages.address(url);
    }

    int port() {
        return Pages.port(url);
    }
}
