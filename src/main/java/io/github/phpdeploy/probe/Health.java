package io.github.phpdeploy.probe;

/** What a health check came to. */
public sealed interface Health {

    /**
     * The site answered as it should.
     *
     * @param attempts how many times it was asked
     * @param millis how long the last answer took
     */
    record Healthy(int attempts, long millis) implements Health {}

    /**
     * The site did not answer as it should, as long as it was given time.
     *
     * @param attempts how many times it was asked
     * @param reason what was wrong the last time, in one printable clause
     */
    record Unhealthy(int attempts, String reason) implements Health {}
}
