package io.github.phpdeploy.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** This machine as a host with a shell and tools of the test's choice. */
public final class ShellUnderTest extends ShellHost {

    private final List<String> shell;
    private final Map<String, String> environment;

    private ShellUnderTest(String name, List<String> shell, Map<String, String> environment) {
        super(name);
        this.shell = shell;
        this.environment = environment;
    }

    /** Debian's own: dash with GNU tools. */
    public static ShellUnderTest dash() {
        return new ShellUnderTest("dash", List.of("dash", "-c"), Map.of());
    }

    /** The same with other variables in its environment. */
    public static ShellUnderTest with(Map<String, String> environment) {
        return new ShellUnderTest("dash", List.of("/bin/dash", "-c"), environment);
    }

    /** Whatever starts a shell: the command for it is the last argument. */
    public static ShellUnderTest by(List<String> command) {
        return new ShellUnderTest(command.get(0), command, Map.of());
    }

    /**
     * An account that deploys and is not root, with rules of sudo of its own that nobody else on this machine sees.
     *
     * @param folder where these may lie
     * @param rules lines of sudoers
     */
    public static ShellUnderTest nobody(Path folder, String rules) throws IOException {
        Path sudoers = Files.writeString(Files.createTempFile(folder, "sudoers", ""), rules + "\n");
        // sudo reads no file that others may write
        Files.setPosixFilePermissions(sudoers, PosixFilePermissions.fromString("r--r-----"));
        return by(List.of(
                "unshare",
                "-m",
                "sh",
                "-c",
                "mount --bind \"$0\" /etc/sudoers"
                        + " && exec setpriv --reuid=nobody --regid=nogroup --clear-groups sh -c \"$1\"",
                sudoers.toString()));
    }

    /** As on Alpine: busybox for the shell and all its tools. */
    public static synchronized ShellUnderTest busybox() {
        Path tools = Path.of("target", "busybox").toAbsolutePath();
        try {
            Files.createDirectories(tools);
            Process install = new ProcessBuilder("busybox", "--install", "-s", tools.toString())
                    .inheritIO()
                    .start();
            if (install.waitFor() != 0) {
                throw new IllegalStateException("busybox --install failed");
            }
            // Alpine's busybox has it, Debian's leaves it to util-linux
            if (!Files.exists(tools.resolve("flock"))) {
                Files.createSymbolicLink(tools.resolve("flock"), Path.of("/usr/bin/flock"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return new ShellUnderTest(
                "busybox", List.of(tools.resolve("sh").toString(), "-c"), Map.of("PATH", tools.toString()));
    }

    /** As on Alpine, with one more program. */
    public static ShellUnderTest busybox(String program) {
        String tools = busybox().environment.get("PATH");
        return new ShellUnderTest(
                "busybox", List.of(tools + "/sh", "-c"), Map.of("PATH", tools + ":" + only(program, program)));
    }

    /** As on FreeBSD: libarchive's tar. */
    public static ShellUnderTest bsdtar() {
        return new ShellUnderTest(
                "bsdtar", List.of("dash", "-c"), Map.of("PATH", only("tar", "bsdtar") + ":" + System.getenv("PATH")));
    }

    /** A directory with one program in it. */
    private static synchronized Path only(String name, String program) {
        Path directory = Path.of("target", "only-" + program).toAbsolutePath();
        try {
            Files.createDirectories(directory);
            if (!Files.exists(directory.resolve(name))) {
                Files.createSymbolicLink(directory.resolve(name), Path.of("/usr/bin", program));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return directory;
    }

    /** GNU tools, and the user's login shell is another. */
    public static ShellUnderTest login(String shell) {
        return new ShellUnderTest(shell, List.of(shell, "-c"), Map.of());
    }

    @Override
    protected ShellChannel open(String command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(new java.util.ArrayList<>(shell));
        builder.command().add(command);
        builder.environment().putAll(environment);
        Process process = builder.start();
        return new ShellChannel() {
            @Override
            public OutputStream stdin() {
                return process.getOutputStream();
            }

            @Override
            public InputStream stdout() {
                return process.getInputStream();
            }

            @Override
            public InputStream stderr() {
                return process.getErrorStream();
            }

            @Override
            public int exitCode() throws IOException {
                try {
                    return process.waitFor();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }

            @Override
            public void close() {
                try {
                    process.getOutputStream().close();
                } catch (IOException ignored) {
                    // ended already
                }
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        };
    }

    @Override
    public Socket dial(String address, int port, Duration timeout) throws IOException {
        return new Socket(address, port);
    }

    @Override
    public void close() {}
}
