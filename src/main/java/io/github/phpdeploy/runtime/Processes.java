package io.github.phpdeploy.runtime;

import io.github.phpdeploy.host.Script;

/** What scripts have in common that look at a master process and its workers. */
public final class Processes {

    /** Functions of the shell, to be put in front of such a script. */
    public static final Script FUNCTIONS = Script.of(Processes.class, "processes.sh");

    private Processes() {}
}
