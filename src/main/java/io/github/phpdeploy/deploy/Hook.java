package io.github.phpdeploy.deploy;

/**
 * A command of the user's, run by {@code sh} on the host, in the release's directory, with {@code PHP_RELEASE},
 * {@code PHP_RELEASE_PATH}, {@code PHP_DEPLOY_PATH} and {@code PHP_PREVIOUS_RELEASE} in its environment.
 *
 * @param command the command
 * @param once whether it runs on the first host only
 */
public record Hook(String command, boolean once) {}
