package io.github.phpdeploy.mojo;

import java.time.Duration;
import java.util.Optional;

import io.github.phpdeploy.probe.HealthCheck;

/** {@code <health>}: how to find out whether the site serves. */
public class HealthBean {

    private static final int OK = 200;
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private String url;
    private int status = OK;
    private String body;
    private String header;

    /**
     * Takes a check that is written as text.
     *
     * @param url what is asked
     */
    public void set(String url) {
        this.url = url;
    }

    /**
     * The same with what the properties say; null where they say nothing.
     *
     * @param urlGiven what is asked
     * @param bodyGiven what must be found in the body
     * @param headerGiven a header that the answer must have
     */
    HealthBean with(String urlGiven, String bodyGiven, String headerGiven) {
        HealthBean merged = new HealthBean();
        merged.url = isBlank(urlGiven) ? url : urlGiven;
        merged.status = status;
        merged.body = bodyGiven == null ? body : bodyGiven;
        merged.header = headerGiven == null ? header : headerGiven;
        return merged;
    }

    /**
     * As a record.
     *
     * @param limit how long the site may take
     * @return the check; empty when there is no URL
     */
    Optional<HealthCheck> toCheck(Duration limit) {
        if (isBlank(url)) {
            return Optional.empty();
        }
        HealthCheck check = HealthCheck.of(url, status, body, limit, INTERVAL);
        return Optional.of(isBlank(header) ? check : check.withHeader(header));
    }

    private static boolean isBlank(String text) {
        return text == null || text.isBlank();
    }
}
