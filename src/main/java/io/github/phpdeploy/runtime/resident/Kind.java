package io.github.phpdeploy.runtime.resident;

import java.util.List;
import java.util.Optional;

/** A kind of resident server: which signal replaces its workers, and what it must be like for that to lose nothing. */
public interface Kind {

    /**
     * What users write to choose it, and what its settings begin with.
     *
     * @return lower case, such as {@code swoole}
     */
    String name();

    /**
     * What it is called.
     *
     * @return for humans, such as {@code Swoole}
     */
    String title();

    /**
     * The signal that has its master replace all workers gently.
     *
     * @return its name, such as {@code USR1}
     */
    String signal();

    /**
     * Whether it forgets a signal that comes while it is reloading, so that it must be sent again.
     *
     * @return true if so
     */
    boolean forgetsSignals();

    /**
     * Where the workers are.
     *
     * @param mode what the server calls its mode, in lower case; empty where it does not say
     * @return {@code 1}, children of the master; {@code 2}, children of one of its children; or {@code auto}
     */
    String depth(Optional<String> mode);

    /**
     * What stands in the way of a reload in place.
     *
     * @param look what was found
     * @param settings what the user says
     * @return the faults, the worst first
     */
    List<Fault> faults(Look look, ResidentSettings settings);

    /**
     * Why old workers may not go, for those who wait for them.
     *
     * @return what to do, in one clause
     */
    String patience();

    /**
     * What the file is called in which its master's process id stands.
     *
     * @return for humans
     */
    default String pidTitle() {
        return "pid file";
    }

    /**
     * The setting that names that file.
     *
     * @return what follows {@code php.NAME.}
     */
    default String pidProperty() {
        return "pidFile";
    }

    /**
     * How it is told where its pid file is to lie.
     *
     * @param file where
     * @return what to set, in one clause
     */
    String pidFile(String file);

    /**
     * How an application of this kind gets its code from where {@code current} leads, at each reload.
     *
     * @param root the deploy path
     * @return what to do, in one clause
     */
    default String boot(String root) {
        return "load all code in onWorkerStart, from realpath('" + root + "/current'), and restart the server once";
    }

    /**
     * What is done about an Octane whose workers boot the release that it was started from.
     *
     * @param root the deploy path
     * @return what to do, in one clause
     */
    default String base(String root) {
        return "start Octane with APP_BASE_PATH=" + root + "/current in its environment, if the application's"
                + " bootstrap/app.php heeds that, or set php." + name() + ".strategy=replace";
    }
}
