package io.github.phpdeploy.runtime;

/** What a runtime is inspected for. */
public enum Intent {
    /** {@code current} will be switched to another release, which is then to be executed. */
    SWITCH,
    /** Somebody wants to know how it would be switched: nothing in the deploy path may be touched, not even for a moment. */
    PLAN,
    /** Nothing is switched: all code is to be read anew. */
    RELOAD
}
