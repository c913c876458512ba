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

    /**
     * Takes a check that is written as text.
     *
     * @param url what is asked
     */
    public void set(String url) {
        this.url = url;
    }

    /**
     * As a record.
     *
     * @param property the URL of the property, which wins; or null
     * @param limit how long the site may take
     * @return the check; empty when there is no URL
     */
    Optional<HealthCheck> toCheck(String property, Duration limit) {
        String asked = property == null || property.isBlank() ? url : property;
        return asked == null || asked.isBlank()
                ? Optional.empty()
                : Optional.of(HealthCheck.of(asked, status, body, limit, INTERVAL));
    }
}
