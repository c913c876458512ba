package io.github.phpdeploy.runtime;

import io.github.phpdeploy.host.Host;

/** Nothing to reload: each request finds the current release by itself, or somebody else reloads. */
public final class NoRuntime implements Runtime {

    /** What users write for it. */
    public static final String NAME = "none";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean runsCommands() {
        return false;
    }

    @Override
    public String inspect(Host host) {
        return "reload nothing";
    }

    @Override
    public String reload(Host host) {
        return "nothing to reload";
    }
}
