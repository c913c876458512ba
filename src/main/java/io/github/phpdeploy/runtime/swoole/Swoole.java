package io.github.phpdeploy.runtime.swoole;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import io.github.phpdeploy.runtime.resident.Fault;
import io.github.phpdeploy.runtime.resident.Kind;
import io.github.phpdeploy.runtime.resident.Look;
import io.github.phpdeploy.runtime.resident.ResidentSettings;

/**
 * Swoole and OpenSwoole. In mode {@code SWOOLE_PROCESS} the master keeps all connections, so that signal USR1 to it replaces
 * workers without losing one, if old workers get the time to finish: {@code max_wait_time}, 3 seconds unless set
 * ({@code SW_WORKER_MAX_WAIT_TIME} in its source). A signal that comes during a reload is forgotten
 * ({@code ProcessPool::reload}).
 */
public class Swoole implements Kind {

    /** What users write for it. */
    public static final String NAME = "swoole";

    private static final int DEFAULT_WAIT = 3;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String title() {
        return "Swoole";
    }

    @Override
    public String signal() {
        return "USR1";
    }

    @Override
    public boolean forgetsSignals() {
        return true;
    }

    @Override
    public String depth(Optional<String> mode) {
        return switch (mode.orElse("")) {
            case "1", "base" -> "1";
            case "2", "process" -> "2";
            default -> "auto";
        };
    }

    /**
     * How it is set.
     *
     * @param name of Swoole's settings
     * @param value its value
     * @return what to do, in one clause
     */
    protected String setting(String name, String value) {
        return "set('" + name + "' => " + value + ")";
    }

    /**
     * How it is brought to mode {@code SWOOLE_PROCESS}.
     *
     * @return what to do, in one clause
     */
    protected String processMode() {
        return "start it with SWOOLE_PROCESS";
    }

    @Override
    public String pidFile(String file) {
        return setting("pid_file", "'" + file + "'");
    }

    @Override
    public String patience() {
        return "raise php.reloadTimeout above its max_wait_time; if these are processes that a reload never replaces"
                + " (addProcess), give them a title and name it with php." + name() + ".kept";
    }

    @Override
    public List<Fault> faults(Look look, ResidentSettings settings) {
        List<Fault> faults = new ArrayList<>();
        String where = title() + " on " + look.host();
        if (look.seen().title().contains("bin/hyperf.php")) {
            faults.add(new Fault(
                    Fault.Weight.NEVER,
                    where + " is Hyperf, which loads its classes before it starts",
                    "a reload goes on with the old code",
                    "replace it by a new master behind a proxy, with php." + name() + ".strategy=replace"));
            return faults;
        }
        String mode = look.detail("mode").orElse(look.seen().deep() ? "2" : "1");
        if (mode.equals("3") || mode.equals("thread")) {
            faults.add(new Fault(
                    Fault.Weight.NEVER,
                    where + " runs in mode SWOOLE_THREAD",
                    "when its old workers are gone cannot be seen",
                    processMode()));
        } else if (look.seen().workers().isEmpty()) {
            faults.add(new Fault(
                    Fault.Weight.NEVER,
                    where + " has no workers that could be replaced (SWOOLE_BASE with worker_num 1)",
                    "it goes on with the old code until it is restarted",
                    processMode() + ", which costs a copy of each request between processes, or set php." + name()
                            + ".strategy=replace"));
        } else if (mode.equals("1") || mode.equals("base")) {
            faults.add(new Fault(
                    Fault.Weight.DROPS,
                    where + " runs in mode SWOOLE_BASE, where connections belong to workers",
                    "a reload cuts off requests, above all of kept-alive connections",
                    processMode() + ", which costs a copy of each request between processes, or set php." + name()
                            + ".strategy=replace"));
        }
        waiting(look, settings, where).ifPresent(faults::add);
        return faults;
    }

    /** Whether old workers get the time to finish what they do. */
    private Optional<Fault> waiting(Look look, ResidentSettings settings, String where) {
        OptionalLong told = look.number("max_wait_time");
        long wait =
                told.orElse(settings.maxWaitTime().map(time -> time.toSeconds()).orElse(-1L));
        String shown = wait + (wait == DEFAULT_WAIT ? " s, as it is unless set" : " s");
        if (wait < 0) {
            return Optional.of(new Fault(
                    Fault.Weight.DROPS,
                    "the max_wait_time of " + where + " is not known",
                    "a reload may cut off requests that take longer, by default longer than " + DEFAULT_WAIT + " s",
                    "have the application show it, by the line that the page on runtimes gives, or say it with"
                            + " -Dphp." + name() + ".maxWaitTime=SECONDS"));
        }
        if (settings.longestRequest().isEmpty()) {
            return Optional.of(new Fault(
                    Fault.Weight.NOTE,
                    "the max_wait_time of " + where + " is " + shown,
                    "a reload cuts off requests that take longer",
                    "say how long the longest takes with php." + name() + ".longestRequest, and it is checked"));
        }
        long longest = settings.longestRequest().get().toSeconds();
        return wait >= longest
                ? Optional.empty()
                : Optional.of(new Fault(
                        Fault.Weight.DROPS,
                        "the max_wait_time of " + where + " is " + shown + ", and requests may take " + longest + " s",
                        "a reload cuts off those that take longer",
                        setting("max_wait_time", Long.toString(longest))
                                + " and restart it once; reloads then take that long at"
                                + " worst, with old and new workers side by side"));
    }
}
