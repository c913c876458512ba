package io.github.phpdeploy.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.github.phpdeploy.PhpDeployException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ShellHostTest {

    static Stream<ShellUnderTest> shells() {
        return Stream.of(
                ShellUnderTest.dash(),
                ShellUnderTest.busybox(),
                ShellUnderTest.login("bash"),
                ShellUnderTest.login("fish"),
                ShellUnderTest.login("tcsh"));
    }

    private static ScriptResult run(Host host, String script, String... arguments) {
        return host.run(new Script("test.sh", script), List.of(arguments));
    }

    @ParameterizedTest
    @MethodSource("shells")
    void argumentsArriveAsTheyAre(Host host) {
        List<String> hostile = List.of(
                "",
                " ",
                "\n",
                "a\nb\n",
                "'",
                "\"",
                "`id`",
                "$(id)",
                "\\",
                "\\n",
                "-n",
                "--",
                "*",
                "!",
                "!!",
                "~",
                "#",
                "é\u00a0漢字😀",
                "\t tab",
                "$HOME",
                "a;b|c&d<e>f",
                "\r\n",
                "%s",
                "x\\\ny");
        ScriptResult result = run(host, "for a; do printf '%s\\0' \"$a\"; done", hostile.toArray(String[]::new));
        assertThat(result.text()).isEqualTo(String.join("\0", hostile) + "\0");
        assertThat(result.ok()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("shells")
    void theRestOfStandardInputIsTheScripts(Host host) throws IOException {
        byte[] data = new byte[300_000];
        new java.util.Random(1).nextBytes(data);
        try (Running running = host.start(new Script("cat.sh", "cat"), List.of(), Duration.ofSeconds(20))) {
            Thread writer = new Thread(() -> {
                try {
                    running.stdin().write(data);
                    running.stdin().close();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            writer.start();
            assertThat(running.stdout().readAllBytes()).isEqualTo(data);
        }
    }

    @ParameterizedTest
    @MethodSource("shells")
    void exitCodeAndComplaintComeBack(Host host) {
        ScriptResult result = run(host, "echo out; echo 'bad \033[31mred' >&2; exit 42");
        assertThat(result.exitCode()).isEqualTo(42);
        assertThat(result.lines()).containsExactly("out");
        assertThat(result.complaint()).isEqualTo("bad [31mred");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void nothingOfAScriptOrItsArgumentsIsInTheProcessList(Host host) {
        ScriptResult result = run(host, "tr '\\0' ' ' </proc/$$/cmdline; echo", "s3cr3t-argument");
        assertThat(result.text()).contains("sh -c").doesNotContain("s3cr3t").doesNotContain("cmdline");
    }

    @Test
    void noiseOfTheLoginShellIsPassedOver() {
        Host noisy = new Noisy("echo 'Welcome!'; printf 'You have mail. '; ");
        assertThat(run(noisy, "echo only this").lines()).containsExactly("only this");
    }

    @Test
    void aHostWithoutShellIsToldByItsOwnWords() {
        Host refusing = new Noisy("echo 'This account is currently not available.'; exit 1; ");
        assertThatThrownBy(() -> run(refusing, "echo never"))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("This account is currently not available.")
                .hasMessageContaining("exit code 1");
    }

    @Test
    void endlessNoiseIsCutOff() {
        Host endless = new Noisy("yes; ");
        assertThatThrownBy(() -> run(endless, "echo never"))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("login shell")
                .hasMessageContaining("start-up files");
    }

    @Test
    void aScriptThatHangsIsGivenUp() {
        Host host = ShellUnderTest.dash();
        assertThatThrownBy(() -> {
                    try (Running running =
                            host.start(new Script("hang.sh", "sleep 60"), List.of(), Duration.ofMillis(300))) {
                        running.finish();
                    }
                })
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("hang.sh did not end within 0 s");
    }

    @Test
    void theBootCommandIsOneQuotedWordForAnyShell() {
        String boot = ShellHost.bootCommand();
        String quoted = boot.substring(boot.indexOf('\'') + 1, boot.lastIndexOf('\''));
        assertThat(quoted).doesNotContain("'", "!", "\\", "\n");
        assertThat(boot).startsWith("exec sh -c '").endsWith("'");
    }

    /** A login shell that does something before it runs a command. */
    private static final class Noisy extends ShellHost {

        private final String before;
        private final ShellUnderTest shell = ShellUnderTest.dash();

        Noisy(String before) {
            super("noisy");
            this.before = before;
        }

        @Override
        protected ShellChannel open(String command) throws IOException {
            return shell.open(before + command);
        }

        @Override
        public java.net.Socket dial(String address, int port, Duration timeout) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    @Test
    void printableLineHasNoEscapes() {
        assertThat(Printable.line("a\u001b]0;title\u0007b\r\nc\u202e\u009bd\te"))
                .isEqualTo("a]0;titleb cd e")
                .isEqualTo(new String("a]0;titleb cd e".getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    }
}
