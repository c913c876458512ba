package io.github.phpdeploy.host;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;

import io.github.phpdeploy.PhpDeployException;

/** Reaches a Unix socket of a host through a small program there, for hosts that give no channel to it. */
final class Bridge {

    private static final Script SCRIPT = Script.of(Bridge.class, "bridge.sh");

    private static final int NO_PROGRAM = 31;

    private Bridge() {}

    /**
     * Connects.
     *
     * @param host where the socket is
     * @param path the socket
     * @param timeout how long the connection may live
     * @return the connection
     * @throws IOException when nobody listens there, or we may not connect
     */
    static Wire open(Host host, String path, Duration timeout) throws IOException {
        Running running = host.start(SCRIPT, List.of(path), timeout);
        try {
            StringBuilder first = new StringBuilder();
            for (int c = running.stdout().read();
                    c >= 0 && c != '\n';
                    c = running.stdout().read()) {
                first.append((char) c);
            }
            if (first.toString().equals("open")) {
                return Wire.of(running.stdout(), running.stdin(), running::close);
            }
        } catch (IOException e) {
            running.close();
            throw e;
        }
        ScriptResult result = running.finish();
        if (result.exitCode() == NO_PROGRAM) {
            throw new PhpDeployException(
                    host.name() + " gives no channel to the socket " + path
                            + ", and has no program that could reach it",
                    "set \"AllowStreamLocalForwarding local\" for this account in its sshd_config, or install perl or php"
                            + " there");
        }
        throw new ConnectException(result.complaint().isEmpty() ? "cannot connect" : result.complaint());
    }
}
