package io.github.phpdeploy.runtime.replace;

/**
 * How a master is started unless the user says it.
 *
 * @param command what {@code sh} runs, with {@code program} and {@code config} in its variables beside those that all commands
 *     find; fixed at build time, never made from a user's value; empty where the user must say it
 * @param program the program, by its name or path
 * @param config a path for that command; may hold placeholders
 */
public record Launch(String command, String program, String config) {

    /** The user says it. */
    public static final Launch NONE = new Launch("", "", "");
}
