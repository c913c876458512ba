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
 * The two masters of a site: looked at, started, drained and stopped.
 *
 * @param place the site
 * @param settings how that is done
 */
record Masters(Place place, ReplaceSettings settings) {

    /** Functions in front of every script of this package. */
    static final Script FUNCTIONS = Script.of(Masters.class, "seats.sh");

    private static final Script LOOK = script("look.sh");
    private static final Script START = script("start.sh");
    private static final Script STOP = script("stop.sh");
    private static final Script DRAIN = script("drain.sh");

    static Script script(String name) {
        return FUNCTIONS.then(Script.of(Masters.class, name));
    }

    /** Connections and workers of the proxy that were left when the time to drain was over. */
    record Left(int open, int workers) {

        boolean isNothing() {
            return open == 0 && workers == 0;
        }
    }

    Standing look() {
        ScriptResult result = place.host()
                .run(
                        LOOK,
                        List.of(
                                place.deployPath(),
                                settings.upstream().file(place.deployPath()),
                                settings.seats().get(0).address(),
                                settings.seats().get(1).address()));
        if (!result.ok()) {
            throw Complaint.of("the masters could not be looked at", place.host(), result);
        }
        return Standing.parse(result.lines());
    }

    /** It may still come: nobody knows whether what was started has ended. */
    static final class Late extends PhpDeployException {

        private static final long serialVersionUID = 1L;

        private Late(String what, String advice) {
            super(what, advice);
        }
    }

    /**
     * Starts one, and waits until it listens.
     *
     * @return its process id, where it can be seen
     * @throws Late when nobody listens in time
     */
    String start(Seat seat, String release, ServerKind.Candidate candidate, Standing.Book book) {
        String command = settings.start().orElse(candidate.command());
        ScriptResult result = run(
                START,
                arguments(
                        seat,
                        release,
                        book,
                        settings.limits().reload(),
                        candidate.program(),
                        candidate.config(),
                        command),
                settings.limits().reload());
        if (result.ok()) {
            return Printable.line(result.text().replaceFirst("^master ", ""));
        }
        String said = result.complaint();
        String where = place.host().name();
        String log = place.deployPath() + "/.php-deploy/replace/" + seat.color() + ".log";
        throw switch (result.exitCode()) {
            case 24 ->
                new PhpDeployException(
                        "the command that starts the master " + seat + " failed on " + where + ": "
                                + (said.isEmpty() ? "it said nothing" : said),
                        settings.sudo() || !said.contains("ermission denied")
                                ? settings.start()
                                        .map(own -> "run it by hand there: " + Printable.line(own))
                                        .orElse("see to that, or say how it is started with php.replace.start")
                                : "set php.sudo, and allow it without password in sudoers on " + where);
            case 25 ->
                new Late(
                        "the new master did not start on " + where + ": nobody listens at " + seat + " after "
                                + settings.limits().reload().toSeconds() + " s"
                                + (said.isEmpty() ? "" : " (" + said + ")"),
                        "read " + log
                                + " and the server's own log; see that it listens where ${port} or ${socket} says,"
                                + " or give it more time with -Dphp.reloadTimeout=SECONDS");
            default -> Complaint.of("the new master could not be started", place.host(), result);
        };
    }

    /** Stops one that nobody needs any more. */
    void stop(Seat seat, String release, Standing.Book book) {
        String pidFile = settings.pidFile()
                .map(path -> Placeholders.fill(path, seat, release, place.release(release)))
                .orElse("");
        ScriptResult result = run(
                STOP,
                arguments(
                        seat,
                        release,
                        book,
                        settings.limits().reload(),
                        settings.signal(),
                        pidFile,
                        settings.stop().orElse("")),
                settings.limits().reload());
        if (result.ok()) {
            return;
        }
        String where = place.host().name();
        String said = result.complaint();
        throw switch (result.exitCode()) {
            case 24 ->
                new PhpDeployException(
                        "the master " + seat + " could not be stopped on " + where
                                + (said.isEmpty() ? "" : ": " + said),
                        settings.sudo()
                                ? "allow it without password in sudoers on " + where
                                : "set php.sudo, or let the account that deploys run the masters");
            case 25 ->
                new PhpDeployException(
                        "the master " + seat + " was told to stop on " + where + ", but is still there after "
                                + settings.limits().reload().toSeconds() + " s",
                        "look for what keeps it, give it more time with -Dphp.reloadTimeout=SECONDS, or name another"
                                + " php.replace.signal");
            case 26 ->
                new PhpDeployException(
                        "which process listens at " + seat + " cannot be seen on " + where,
                        "say how it is stopped with php.replace.stop, or where it writes its process id with"
                                + " php.replace.pidFile");
            default -> Complaint.of("the master " + seat + " could not be stopped", place.host(), result);
        };
    }

    /** Waits until nobody is served by one any more. */
    Left drain(Seat seat, List<String> proxyWorkers) {
        List<String> arguments = new ArrayList<>(List.of(
                place.deployPath(),
                seat.address(),
                Long.toString(settings.limits().drain().toSeconds())));
        arguments.addAll(proxyWorkers);
        ScriptResult result = run(DRAIN, arguments, settings.limits().drain());
        int open = 0;
        int workers = 0;
        for (String line : result.lines()) {
            open = line.matches("open [0-9]{1,9}") ? Integer.parseInt(line.substring(5)) : open;
            workers = line.matches("workers [0-9]{1,9}") ? Integer.parseInt(line.substring(8)) : workers;
        }
        if (!result.ok()) {
            throw Complaint.of("the master " + seat + " could not be drained", place.host(), result);
        }
        return new Left(open, workers);
    }

    private List<String> arguments(
            Seat seat, String release, Standing.Book book, Duration limit, String one, String two, String command) {
        return List.of(
                place.deployPath(),
                seat.color(),
                seat.address(),
                release,
                book.text(),
                settings.sudo() ? "1" : "0",
                Long.toString(limit.toSeconds()),
                one,
                two,
                command);
    }

    private ScriptResult run(Script script, List<String> arguments, Duration limit) {
        try (Running running = place.host().start(script, arguments, limit.plus(Host.COMMAND_LIMIT))) {
            return running.finish();
        }
    }
}
