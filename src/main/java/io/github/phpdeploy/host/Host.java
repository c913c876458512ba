package io.github.phpdeploy.host;

import java.net.Socket;
import java.time.Duration;
import java.util.List;

/**
 * One machine, connected. Safe for use by several threads: each script runs in a channel of its own over the one
 * connection.
 *
 * <p>All methods throw {@link io.github.phpdeploy.PhpDeployException} when the connection is lost, when the host does
 * not run {@code sh}, or when a time limit passes.
 */
public interface Host extends AutoCloseable {

    /**
     * What the user calls this host.
     *
     * @return {@code local}, or {@code user@host[:port]}
     */
    String name();

    /**
     * Starts a script and returns at once.
     *
     * @param script what to run
     * @param arguments its positional parameters; any text without NUL
     * @param limit how long it may take from start to end
     * @return the running script, to be closed by the caller
     */
    Running start(Script script, List<String> arguments, Duration limit);

    /**
     * Runs a script without standard input and waits for its end, {@link #COMMAND_LIMIT} at most.
     *
     * @param script what to run
     * @param arguments its positional parameters
     * @return how it ended, whatever its exit code
     */
    default ScriptResult run(Script script, List<String> arguments) {
        try (Running running = start(script, arguments, COMMAND_LIMIT)) {
            return running.finish();
        }
    }

    /**
     * Connects to a TCP port as seen from this host: a loopback address means the host's own.
     *
     * @param address a host name or address, resolved on the host
     * @param port TCP port, 1 to 65535
     * @param timeout how long connecting may take; also the read time-out of the socket
     * @return a connected socket that the caller closes
     * @throws java.io.IOException when nothing listens there or the time passes
     */
    Socket dial(String address, int port, Duration timeout) throws java.io.IOException;

    /**
     * Opens a session that works on files and runs nothing.
     *
     * @return the host's files, to be closed
     * @throws io.github.phpdeploy.PhpDeployException when the host offers no such thing
     */
    default RemoteFiles files() {
        throw new io.github.phpdeploy.PhpDeployException(
                name() + " has no SFTP", "deploy to it by its shell, with -Dphp.transfer=stream");
    }

    /**
     * Connects to a Unix socket of this host.
     *
     * @param path absolute path of the socket
     * @param timeout how long the connection may live
     * @return the connection, to be closed by the caller
     * @throws java.io.IOException when nobody listens there or this account may not connect; its message says which
     */
    default Wire dialSocket(String path, Duration timeout) throws java.io.IOException {
        return Bridge.open(this, path, timeout);
    }

    /** Ends the connection, and with it every script that still runs on its standard input. */
    @Override
    void close();

    /** How long a script that only looks or renames may take before the host counts as stuck. */
    Duration COMMAND_LIMIT = Duration.ofMinutes(2);
}
