package io.github.phpdeploy.runtime.replace;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.probe.HttpReply;
import io.github.phpdeploy.probe.Pages;
import io.github.phpdeploy.runtime.Place;

/**
 * What is asked of a server to see which release it executes, and where the answer shows it.
 *
 * @param url what is asked of a master; may hold placeholders
 * @param siteUrl what is asked through the proxy, once that leads to the master; empty for nothing
 * @param header the header whose value is the release's name; what follows a semicolon does not count
 * @param body a regular expression that is to be found in the body instead, with {@code ${release}} for the release's name;
 *     empty to look at the header
 */
public record Sight(String url, Optional<String> siteUrl, String header, Optional<String> body) {

    /** The header, unless somebody says another. */
    public static final String HEADER = "X-Release";

    private static final Duration ANSWER = Duration.ofSeconds(10);

    private static final int OK = 200;

    /**
     * A sight that makes sense.
     *
     * @throws PhpDeployException when a URL is none, or the body's pattern is none
     */
    public Sight {
        uri(url.replaceAll("\\$\\{[A-Za-z]+}", "1"), "php.replace.url");
        siteUrl.ifPresent(site -> uri(site, "php.replace.siteUrl"));
        body.ifPresent(pattern -> {
            if (!pattern.contains("${release}")) {
                throw new PhpDeployException(
                        "php.replace.releaseBody does not hold ${release}, so any release would show it",
                        "write ${release} where the body has the release's name");
            }
            compile(pattern, "x");
        });
    }

    private static URI uri(String text, String property) {
        try {
            URI uri = new URI(text);
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw noUrl(text, property, e);
        }
        throw noUrl(text, property, null);
    }

    private static PhpDeployException noUrl(String text, String property, Exception cause) {
        return new PhpDeployException(
                property + " \"" + Printable.line(text) + "\" is no http or https address",
                "write it as http://127.0.0.1:${port}/version",
                cause);
    }

    private static Pattern compile(String pattern, String release) {
        try {
            return Pattern.compile(pattern.replace("${release}", Pattern.quote(release)));
        } catch (PatternSyntaxException e) {
            throw new PhpDeployException(
                    "php.replace.releaseBody is no regular expression: " + Printable.line(e.getDescription()),
                    "correct it, or quote what is meant literally between \\Q and \\E",
                    e);
        }
    }

    /**
     * Asks a master once.
     *
     * @return what is wrong; empty when it shows the release
     */
    Optional<String> ask(Place place, Seat seat, String release) {
        URI asked = uri(Placeholders.fill(url, seat, release, place.release(release)), "php.replace.url");
        try {
            return judge(
                    seat.isPath()
                            ? Pages.get(place.host(), seat.address(), asked, ANSWER)
                            : Pages.get(place.host(), asked, ANSWER),
                    release);
        } catch (IOException e) {
            return Optional.of("does not answer (" + Pages.words(e) + ")");
        }
    }

    /** Asks the site once, through its proxy. */
    Optional<String> askSite(Place place, String release) {
        try {
            return judge(Pages.get(place.host(), uri(siteUrl.orElseThrow(), "php.replace.siteUrl"), ANSWER), release);
        } catch (IOException e) {
            return Optional.of("does not answer (" + Pages.words(e) + ")");
        }
    }

    /**
     * Whether a site, asked once through its proxy, says anything of a release.
     *
     * @param place the site
     * @return what is wrong; empty where it names one, as far as can be told
     */
    public Optional<String> silence(Place place) {
        try {
            HttpReply answer = Pages.get(place.host(), uri(siteUrl.orElseThrow(), "php.replace.siteUrl"), ANSWER);
            if (answer.status() != OK) {
                return Optional.of("answers with status " + answer.status());
            }
            return body.isPresent() || answer.headers().containsKey(header)
                    ? Optional.empty()
                    : Optional.of("has no header " + header);
        } catch (IOException e) {
            return Optional.of("does not answer (" + Pages.words(e) + ")");
        }
    }

    private Optional<String> judge(HttpReply answer, String release) {
        if (answer.status() != OK) {
            return Optional.of("answers with status " + answer.status());
        }
        if (body.isPresent()) {
            return compile(body.get(), release).matcher(answer.body()).find()
                    ? Optional.empty()
                    : Optional.of("does not show release " + release + " in its body");
        }
        String shown = answer.headers().get(header);
        if (shown == null) {
            return Optional.of("has no header " + header);
        }
        String named = shown.replaceFirst(";.*$", "").strip();
        return named.equals(release) ? Optional.empty() : Optional.of("shows release " + Printable.line(named));
    }
}
