package io.github.phpdeploy.runtime;

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
    public Service inspect(Place place, Intent intent) {
        return new Service() {
            @Override
            public String way() {
                return "reload nothing";
            }

            @Override
            public Generation reload() {
                return Generation.none("nothing to reload");
            }

            @Override
            public String await(Generation old) {
                return old.how();
            }
        };
    }
}
