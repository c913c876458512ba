package io.github.phpdeploy.runtime.replace;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Complaint;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.host.Running;
import io.github.phpdeploy.host.Script;
import io.github.phpdeploy.host.ScriptResult;
import io.github.phpdeploy.runtime.Place;

/**
 * What stands in front of the masters. A reload of nginx has ended when none of its old workers takes connections any more: neither
 * a signal nor {@code systemctl reload} waits for that, and both succeed when nginx stays with what it had.
 *
 * @param place the site
 * @param settings how it is switched
 */
record Proxy(Place place, ReplaceSettings settings) {

    private static final Script SCRIPT = Masters.script("proxy.sh");

    /**
     * What was found of it.
     *
     * @param retiring workers of nginx that are on their way out, each as process id and start time
     * @param isUnread whether nginx does not include the file that is written
     */
    record Seen(List<String> retiring, boolean isUnread) {}

    /**
     * A switch that has begun.
     *
     * @param master nginx's process id; empty where it is not known
     * @param workers those that are to go, each as process id and start time
     */
    record Switching(String master, List<String> workers) {

        Switching {
            workers = List.copyOf(workers);
        }
    }

    /** It was not switched, and is as it was. */
    static final class Refused extends PhpDeployException {

        private static final long serialVersionUID = 1L;

        private Refused(String what, String advice) {
            super(what, advice);
        }
    }

    /** Tests its configuration. */
    Seen check() {
        List<String> retiring = new ArrayList<>();
        boolean unread = false;
        for (String line : run("check", "", List.of()).lines()) {
            if (line.startsWith("retiring ")) {
                retiring.add(Printable.line(line.substring(9)));
            }
            unread |= line.startsWith("unread ");
        }
        return new Seen(List.copyOf(retiring), unread);
    }

    /**
     * Has it lead to another seat.
     *
     * @throws Refused when it leads where it did
     */
    Switching to(Seat seat, String release, String content, Standing.Book book) {
        String master = "";
        List<String> workers = new ArrayList<>();
        ScriptResult result = run("switch", book.text(), List.of(seat.color(), seat.address(), release, content));
        for (String line : result.lines()) {
            if (line.startsWith("worker ")) {
                workers.add(Printable.line(line.substring(7)));
            } else if (line.startsWith("master ")) {
                master = Printable.line(line.substring(7));
            }
        }
        return new Switching(master, workers);
    }

    /** Waits until no old worker takes connections. */
    void settle(Switching switching, Standing.Book book) {
        List<String> more = new ArrayList<>(List.of(switching.master()));
        more.addAll(switching.workers());
        run("settle", book.text(), more);
    }

    private ScriptResult run(String action, String state, List<String> more) {
        ReplaceSettings.Upstream upstream = settings.upstream();
        List<String> arguments = new ArrayList<>(List.of(
                place.deployPath(),
                action,
                upstream.file(place.deployPath()),
                upstream.test().orElse(""),
                upstream.service().orElse(""),
                upstream.pid(),
                upstream.command().orElse(""),
                settings.sudo() ? "1" : "0",
                Long.toString(settings.limits().reload().toSeconds()),
                state));
        arguments.addAll(more);
        Duration limit = settings.limits().reload().plus(Host.COMMAND_LIMIT);
        try (Running running = place.host().start(SCRIPT, arguments, limit)) {
            ScriptResult result = running.finish();
            if (!result.ok()) {
                throw failure(result);
            }
            return result;
        }
    }

    private PhpDeployException failure(ScriptResult result) {
        String where = " on " + place.host().name();
        String said = result.complaint();
        String behind = said.isEmpty() ? "" : ": " + said;
        boolean denied = !settings.sudo() && said.contains("ermission denied");
        return switch (result.exitCode()) {
            case 20 ->
                new Refused(
                        "no nginx was found" + where + " by "
                                + settings.upstream()
                                        .service()
                                        .map(unit -> "its service " + unit)
                                        .orElse("its pid file "
                                                + settings.upstream().pid())
                                + behind,
                        "start nginx, or correct php.replace.upstreamPidFile or php.replace.upstreamService; another proxy"
                                + " is switched with php.replace.upstreamCommand");
            case 23 ->
                new Refused(
                        "the proxy's configuration" + where + " does not pass its test" + behind,
                        denied
                                ? "set php.sudo, so that it is tested with sudo -n, or name a test with"
                                        + " php.replace.upstreamTest"
                                : "correct it until \"nginx -t\" passes" + where);
            case 24 ->
                new Refused(
                        "the proxy" + where + " could not be switched with "
                                + settings.upstream().how() + behind,
                        settings.sudo()
                                ? "allow it without password in sudoers" + where
                                : "set php.sudo, or run it by hand to see why");
            case 25 ->
                new PhpDeployException(
                        "nginx" + where + " was told to reload, but after "
                                + settings.limits().reload().toSeconds() + " s old workers still take connections",
                        "read nginx's error log, or wait longer with -Dphp.reloadTimeout=SECONDS");
            default -> {
                PhpDeployException unwritten =
                        Complaint.of("the proxy's file could not be written", place.host(), result);
                yield new Refused(unwritten.what(), unwritten.advice());
            }
        };
    }
}
