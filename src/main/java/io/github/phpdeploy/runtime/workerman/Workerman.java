package io.github.phpdeploy.runtime.workerman;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.github.phpdeploy.runtime.resident.Fault;
import io.github.phpdeploy.runtime.resident.Kind;
import io.github.phpdeploy.runtime.resident.Look;
import io.github.phpdeploy.runtime.resident.ResidentSettings;

/**
 * Workerman and Webman. Signal USR2 to the master replaces one worker after the other, each when its last connection is gone
 * ({@code Worker::reload} with {@code $gracefulStop}); USR1 would close connections with requests under way. A signal during a
 * reload is forgotten ({@code Worker::signalHandler}).
 */
public final class Workerman implements Kind {

    /** What users write for it. */
    public static final String NAME = "workerman";

    /** Webman's file monitor, which is not reloadable: the title that Workerman gives its process. */
    public static final String MONITOR = "worker process +monitor ";

    private static final String RECIPE = "have the application answer with \"Connection: close\" while"
            + " Worker::getStatus() is Worker::STATUS_SHUTDOWN, as the page on runtimes shows";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String title() {
        return "Workerman";
    }

    @Override
    public String signal() {
        return "USR2";
    }

    @Override
    public boolean forgetsSignals() {
        return true;
    }

    @Override
    public String depth(Optional<String> mode) {
        return "1";
    }

    @Override
    public String pidFile(String file) {
        return "set Worker::$pidFile = '" + file + "'";
    }

    @Override
    public String patience() {
        return "kept-alive connections keep them: " + RECIPE + ", or have the proxy close connections; if these are"
                + " workers with $reloadable = false, name their title with php.workerman.kept; wait longer with"
                + " -Dphp.reloadTimeout=SECONDS; and run php:reload when they are gone, because until then it heeds no"
                + " other signal";
    }

    @Override
    public List<Fault> faults(Look look, ResidentSettings settings) {
        List<Fault> faults = new ArrayList<>();
        String where = "Workerman on " + look.host();
        if (look.seen().workers().isEmpty()) {
            faults.add(new Fault(
                    Fault.Weight.NEVER,
                    where + " has no workers that could be replaced",
                    "it goes on with the old code until it is restarted",
                    "start it anew, and read its log"));
        }
        if (look.seen().listeners() > 1) {
            faults.add(
                    new Fault(
                            Fault.Weight.DROPS,
                            "each worker of " + where + " has a queue of its own (reusePort)",
                            "a reload turns away who waits in the queue of a worker that ends",
                            "set $worker->reusePort = false and restart it once; the kernel then spreads connections less evenly"));
        }
        if (look.keptAlive() && !look.detail("drains").filter("1"::equals).isPresent()) {
            faults.add(new Fault(
                    Fault.Weight.NOTE,
                    where + " keeps connections open after an answer",
                    "a reload waits for those who hold them, and the deploy is undone when they stay longer than"
                            + " php.reloadTimeout",
                    RECIPE));
        }
        return faults;
    }
}
