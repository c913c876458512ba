package io.github.phpdeploy.deploy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Printable;

/**
 * In what order hosts are switched, once all of them have the release.
 *
 * @param batch how many at a time; empty for all together
 * @param pause how long to wait after a batch has proved healthy
 * @param drain a command that is run on a host before it is switched, so that it gets no requests
 * @param undrain a command that is run there when it is healthy, so that it gets requests again
 */
public record Rollout(
        Optional<FleetRules.Share> batch, Duration pause, Optional<String> drain, Optional<String> undrain) {

    /** All hosts together. */
    public static final Rollout ALL = new Rollout(Optional.empty(), Duration.ZERO, Optional.empty(), Optional.empty());

    /**
     * Reads a strategy.
     *
     * @param strategy {@code all} or {@code rolling}
     * @param batch how many hosts at a time, a number or percent; null for 1; only for {@code rolling}
     * @param pause how long to wait between batches
     * @param drain a command; null or blank for none
     * @param undrain a command; null or blank for none
     * @return the strategy
     * @throws PhpDeployException when it makes no sense
     */
    public static Rollout of(String strategy, String batch, Duration pause, String drain, String undrain) {
        Optional<String> before = text(drain);
        Optional<String> after = text(undrain);
        if (before.isPresent() != after.isPresent()) {
            throw new PhpDeployException(
                    before.isPresent()
                            ? "php.drain is set without php.undrain"
                            : "php.undrain is set without php.drain",
                    "set both, so that hosts that were drained get requests again");
        }
        return switch (strategy.strip()) {
            case "all" -> {
                if (batch != null || !pause.isZero()) {
                    throw new PhpDeployException(
                            (batch == null ? "php.pause" : "php.batch")
                                    + " is set, but php.strategy is all: there is one batch",
                            "set php.strategy to rolling");
                }
                yield new Rollout(Optional.empty(), Duration.ZERO, before, after);
            }
            case "rolling" ->
                new Rollout(
                        Optional.of(FleetRules.Share.parse("php.batch", batch == null ? "1" : batch)),
                        pause,
                        before,
                        after);
            default ->
                throw new PhpDeployException(
                        "php.strategy is \"" + Printable.line(strategy) + "\"", "set it to all or rolling");
        };
    }

    private static Optional<String> text(String value) {
        return Optional.ofNullable(value).filter(command -> !command.isBlank());
    }

    /**
     * The batches.
     *
     * @param hosts all that are to be switched
     * @param <T> what stands for a host
     * @return in order; none is empty
     */
    <T> List<List<T>> batches(List<T> hosts) {
        int size = batch.map(number -> number.of(hosts.size())).orElse(hosts.size());
        List<List<T>> batches = new ArrayList<>();
        for (int from = 0; from < hosts.size(); from += size) {
            batches.add(hosts.subList(from, Math.min(hosts.size(), from + size)));
        }
        return batches;
    }
}
