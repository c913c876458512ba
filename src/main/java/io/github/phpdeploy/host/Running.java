package io.github.phpdeploy.host;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import io.github.phpdeploy.PhpDeployException;

/**
 * A script that runs on a host. Write to {@link #stdin()} and read {@link #stdout()} as long as it runs, then ask for
 * its {@link #finish() result}. One thread writes and one reads; {@link #close()} may be called by any.
 */
public final class Running implements AutoCloseable {

    /** How much of standard error is kept, in bytes; the rest is read and dropped. */
    public static final int KEPT_ERRORS = 64 * 1024;

    /** How much unread standard output {@link #finish()} accepts, in bytes. */
    private static final int MAX_OUTPUT = 64 * 1024 * 1024;

    /** How much a login shell may print before our script starts, in bytes. */
    private static final int MAX_NOISE = 256 * 1024;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "php-deploy-time-limits");
        thread.setDaemon(true);
        return thread;
    });

    private final String host;
    private final Script script;
    private final Duration limit;
    private final ShellChannel channel;
    private final String mark;
    private final OutputStream stdin;
    private final InputStream stdout;
    private final CompletableFuture<byte[]> errors = new CompletableFuture<>();
    private final ScheduledFuture<?> alarm;
    private volatile boolean timedOut;

    Running(String host, Script script, List<String> arguments, Duration limit, ShellChannel channel) {
        this.host = host;
        this.script = script;
        this.limit = limit;
        this.channel = channel;
        byte[] random = new byte[12];
        RANDOM.nextBytes(random);
        this.mark = HexFormat.of().formatHex(random);
        this.stdin = new BufferedOutputStream(new DistinctFailures(channel.stdin()), 32 * 1024);
        this.stdout = new AfterMark(channel.stdout());
        this.alarm = TIMER.schedule(
                () -> {
                    timedOut = true;
                    channel.close();
                },
                limit.toMillis(),
                TimeUnit.MILLISECONDS);
        Thread pump = new Thread(this::keepErrors, "php-deploy-stderr-" + host);
        pump.setDaemon(true);
        pump.start();
        try {
            send(arguments);
        } catch (IOException e) {
            // a host without a shell hangs up before it has read: what it says then is the error to show
            finish();
            throw failure(e);
        }
    }

    private void send(List<String> arguments) throws IOException {
        StringBuilder head = new StringBuilder().append(mark).append('\n');
        append(head, script.text());
        head.append(arguments.size()).append('\n');
        arguments.forEach(argument -> append(head, argument));
        stdin.write(head.toString().getBytes(StandardCharsets.UTF_8));
        stdin.flush();
    }

    private static void append(StringBuilder head, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a NUL character cannot travel");
        }
        long lines = 1 + text.chars().filter(c -> c == '\n').count();
        head.append(lines).append('\n').append(text).append('\n');
    }

    /**
     * Where the script reads.
     *
     * @return its standard input, buffered: flush what must arrive now. An {@link IOException} here means that the
     *     script has ended or the connection is lost; {@link #finish()} knows which.
     */
    public OutputStream stdin() {
        return stdin;
    }

    /**
     * What the script writes.
     *
     * @return its standard output, without what the login shell printed before
     */
    public InputStream stdout() {
        return stdout;
    }

    /**
     * Ends the script's input, reads what it still writes, and waits for its end.
     *
     * @return how it ended
     * @throws PhpDeployException when the connection is lost, the time limit passes, the output does not end, or the
     *     host ran no shell
     */
    public ScriptResult finish() {
        try {
            stdin.close();
        } catch (IOException ignored) {
            // the script has ended without reading all; its exit code tells
        }
        try {
            byte[] output = stdout.readNBytes(MAX_OUTPUT + 1);
            if (output.length > MAX_OUTPUT) {
                throw new PhpDeployException(
                        host + " sent more than " + (MAX_OUTPUT >> 20) + " MiB in answer to " + script.name(),
                        "look for what prints without end in the account's shell start-up files");
            }
            if (timedOut) {
                throw new IOException("time limit");
            }
            int exitCode = channel.exitCode();
            return new ScriptResult(exitCode, output, errors.join());
        } catch (IOException e) {
            throw failure(e);
        } finally {
            close();
        }
    }

    /**
     * The error for the user after reading or writing has failed.
     *
     * @param cause what failed
     * @return the same failure in words
     */
    public PhpDeployException failure(IOException cause) {
        if (timedOut) {
            return new PhpDeployException(
                    script.name() + " did not end within " + limit.toSeconds() + " s on " + host,
                    "look at the load and the disk of " + host + ", then run this again",
                    cause);
        }
        return new PhpDeployException(
                "the connection to " + host + " was lost while it ran " + script.name(),
                "check the network between here and " + host + ", then run this again",
                cause);
    }

    /**
     * Whether the time limit has passed, and the script was let go of because of it.
     *
     * @return true when there is no result
     */
    public boolean isTimedOut() {
        return timedOut;
    }

    /** Lets go of the script: it sees its input end. Its result is lost, if nobody asked for it before. */
    @Override
    public void close() {
        alarm.cancel(false);
        channel.close();
    }

    private void keepErrors() {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        byte[] buffer = new byte[4096];
        try (InputStream in = channel.stderr()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                kept.write(buffer, 0, Math.min(n, KEPT_ERRORS - kept.size()));
            }
        } catch (IOException ignored) {
            // closed under our hands: what was said until then is kept
        } finally {
            errors.complete(kept.toByteArray());
        }
    }

    /** Standard output from behind the line that says the mark. */
    private final class AfterMark extends FilterInputStream {

        private boolean begun;

        AfterMark(InputStream in) {
            super(in);
        }

        private void begin() throws IOException {
            if (begun) {
                return;
            }
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            StringBuilder noise = new StringBuilder();
            for (int read = 1; ; read++) {
                int c = in.read();
                if (c < 0 || read > MAX_NOISE) {
                    throw noShell(noise.append(line.toString(StandardCharsets.UTF_8)), c < 0);
                }
                if (c != '\n') {
                    line.write(c);
                    continue;
                }
                String text = line.toString(StandardCharsets.UTF_8);
                // a prompt or message without its own line end may stand before the mark
                if (text.endsWith(mark)) {
                    begun = true;
                    return;
                }
                noise.append(text).append('\n');
                line.reset();
            }
        }

        private PhpDeployException noShell(StringBuilder noise, boolean ended) throws IOException {
            if (timedOut) {
                throw new IOException("time limit");
            }
            if (!ended) {
                return new PhpDeployException(
                        "the login shell on " + host + " printed more than " + (MAX_NOISE >> 10)
                                + " KiB before it ran a command",
                        "silence the account's shell start-up files for sessions without a terminal");
            }
            int exitCode = channel.exitCode();
            String said = Printable.line(noise + " " + new String(errors.join(), StandardCharsets.UTF_8));
            return new NoShellException(
                    host + " ran no shell for us (exit code " + exitCode + ")" + (said.isEmpty() ? "" : ": " + said),
                    "give the account a login shell that runs \"sh\", without a forced command");
        }

        @Override
        public int read() throws IOException {
            begin();
            return in.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            begin();
            // an SSH channel would wait for data even when it is asked for none
            return length == 0 ? 0 : in.read(buffer, offset, length);
        }

        @Override
        public int available() throws IOException {
            return begun ? in.available() : 0;
        }
    }
}
