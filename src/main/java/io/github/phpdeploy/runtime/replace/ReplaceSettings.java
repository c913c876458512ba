package io.github.phpdeploy.runtime.replace;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;

/**
 * How a master is replaced by another. Commands are run by {@code sh} in the new release's directory, with {@code port},
 * {@code socket}, {@code color}, {@code release} and {@code releasePath} in their variables.
 *
 * @param seats where the two listen
 * @param start a command that starts one, and returns; empty where the kind of server knows how
 * @param stop a command that stops one; empty to send it a signal
 * @param signal the signal that stops one, without {@code SIG}
 * @param pidFile where a master writes its process id; may hold placeholders; empty where its socket shows it
 * @param upstream the proxy in front of them
 * @param sudo whether commands and signals go through {@code sudo -n}
 * @param limits how long things may take
 */
public record ReplaceSettings(
        List<Seat> seats,
        Optional<String> start,
        Optional<String> stop,
        String signal,
        Optional<String> pidFile,
        Upstream upstream,
        boolean sudo,
        Limits limits) {

    /**
     * What stands in front of the masters: nginx, where there is no command; or whatever the command switches.
     *
     * @param file what nginx includes and is written anew; empty for {@code upstream.conf} in the deploy path, or for none
     *     where there is a command
     * @param content what is written there, with placeholders; empty for what the kind of server needs
     * @param test a command that tests the proxy's configuration; empty for {@code nginx -T} as its master was started
     * @param service nginx's systemd unit, to be reloaded with {@code systemctl reload}
     * @param pidFile where nginx's master writes its process id, to be reloaded by signal HUP
     * @param command a command that reloads or switches the proxy, instead
     */
    public record Upstream(
            Optional<String> file,
            Optional<String> content,
            Optional<String> test,
            Optional<String> service,
            Optional<String> pidFile,
            Optional<String> command) {

        /** Where nginx writes its process id as Debian and its own packages have it. */
        private static final String NGINX_PID = "/run/nginx.pid";

        /** The file that is written on a host; empty for none. */
        String file(String deployPath) {
            return file.orElse(command.isPresent() ? "" : deployPath + "/upstream.conf");
        }

        /** The pid file that shows the master; empty for none. */
        String pid() {
            return pidFile.orElse(service.isPresent() || command.isPresent() ? "" : NGINX_PID);
        }

        /** What is done to it, for humans. */
        String how() {
            return command.isPresent()
                    ? "its command"
                    : service.map(unit -> "systemctl reload " + unit).orElse("signal HUP to nginx");
        }
    }

    /**
     * How long things may take.
     *
     * @param reload until a new master listens, the proxy has taken its new configuration, or an old master has ended
     * @param prove until a master shows the release
     * @param drain how long the last requests of an old master may take
     */
    public record Limits(Duration reload, Duration prove, Duration drain) {}

    /** Settings that make sense. */
    public ReplaceSettings {
        seats = List.copyOf(seats);
        if (seats.size() != 2 || seats.get(0).address().equals(seats.get(1).address())) {
            throw new PhpDeployException(
                    "there must be two different ports or sockets, one for the master that serves and one for the next",
                    "name them in php.replace.ports, such as 8001,8002, or in php.replace.sockets");
        }
        if (!signal.matches("[A-Z0-9+]{1,10}")) {
            throw new PhpDeployException(
                    "php.replace.signal is no name of a signal", "set it to one such as TERM or QUIT");
        }
        if (upstream.file().filter(path -> !path.startsWith("/")).isPresent()) {
            throw new PhpDeployException(
                    "php.replace.upstreamFile is not absolute", "set it to a path that begins with a slash");
        }
    }

    Seat seat(String color) {
        return seats.get(color.equals(seats.get(0).color()) ? 0 : 1);
    }

    Seat other(Seat seat) {
        return seats.get(seat.equals(seats.get(0)) ? 1 : 0);
    }
}
