package io.github.phpdeploy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Every script that runs on hosts passes shellcheck, behind the functions that are put in front of it. */
class ScriptsTest {

    private static final Path SCRIPTS = Path.of("src/main/resources/io/github/phpdeploy");

    @TempDir
    Path temp;

    static Stream<Path> scripts() throws IOException {
        try (Stream<Path> all = Files.walk(SCRIPTS)) {
            return all.filter(path -> path.toString().endsWith(".sh")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void isCleanPosixShell(Path script) throws Exception {
        StringBuilder text = new StringBuilder("#!/bin/sh\n");
        for (String functions : List.of("meta.sh", "tree.sh")) {
            Path file = script.resolveSibling(functions);
            if (Files.exists(file) && !file.equals(script)) {
                text.append(Files.readString(file));
            }
        }
        Path processes = SCRIPTS.resolve("runtime/processes.sh");
        if (script.startsWith(processes.getParent()) && !script.equals(processes)) {
            text.append(Files.readString(processes));
        }
        text.append(Files.readString(script));
        Path whole = Files.writeString(temp.resolve(script.getFileName()), text);
        // 2034 and 2154: variables of one script of the chain that another uses
        Process process = new ProcessBuilder(
                        "shellcheck", "-s", "sh", "-S", "warning", "-e", "SC2034,SC2154", whole.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    @Test
    void thereAreScripts() throws IOException {
        assertThat(scripts()).hasSizeGreaterThan(15);
    }
}
