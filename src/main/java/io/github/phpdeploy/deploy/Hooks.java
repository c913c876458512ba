package io.github.phpdeploy.deploy;

import java.time.Duration;
import java.util.List;

/**
 * The user's commands. One that fails stops the deploy, undone.
 *
 * @param beforeActivation run when the release is complete and not yet live, in this order
 * @param afterActivation run when it is live and the runtime was reloaded, in this order
 * @param limit how long one of them may take
 */
public record Hooks(List<Hook> beforeActivation, List<Hook> afterActivation, Duration limit) {

    /** Immutable. */
    public Hooks {
        beforeActivation = List.copyOf(beforeActivation);
        afterActivation = List.copyOf(afterActivation);
    }

    /**
     * No hooks.
     *
     * @return no commands
     */
    public static Hooks none() {
        return new Hooks(List.of(), List.of(), Duration.ofMinutes(10));
    }
}
