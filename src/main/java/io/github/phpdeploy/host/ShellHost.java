package io.github.phpdeploy.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

import io.github.phpdeploy.PhpDeployException;

/** What all hosts share: the way in which a script and its arguments reach a shell. */
public abstract class ShellHost implements Host {

    /** The command of every channel, quoted for any login shell; see {@code boot.sh}. */
    private static final String BOOT = "exec sh -c '" + boot() + "'";

    private final String name;

    /**
     * A host.
     *
     * @param name what the user calls it
     */
    protected ShellHost(String name) {
        this.name = name;
    }

    private static String boot() {
        try (InputStream in = ShellHost.class.getResourceAsStream("boot.sh")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(Collectors.joining(" "));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts a command.
     *
     * @param command a command line for whatever login shell there is
     * @return its streams
     * @throws IOException when the host does not start it
     */
    protected abstract ShellChannel open(String command) throws IOException;

    /**
     * The command that waits for a script on its standard input.
     *
     * @return one line of text for {@link #open}
     */
    protected static String bootCommand() {
        return BOOT;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final Running start(Script script, List<String> arguments, Duration limit) {
        ShellChannel channel;
        try {
            channel = open(BOOT);
        } catch (IOException e) {
            throw new PhpDeployException(
                    "could not run " + script.name() + " on " + name,
                    "check that the connection stands and that the account may run commands",
                    e);
        }
        return new Running(name, script, arguments, limit, channel);
    }

    @Override
    public String toString() {
        return name;
    }
}
