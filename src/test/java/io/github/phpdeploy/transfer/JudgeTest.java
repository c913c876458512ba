package io.github.phpdeploy.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

import io.github.phpdeploy.host.Script;
import io.github.phpdeploy.host.ScriptResult;
import io.github.phpdeploy.host.ShellUnderTest;
import io.github.phpdeploy.it.Server;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Judging a tree by what is not as it was comes to the same as judging all of it. */
class JudgeTest {

    private static final Script BOTH = Script.of(Upload.class, "hash.sh")
            .then(Script.of(Upload.class, "tree.sh"))
            .then(Script.of(Upload.class, "judge.sh"))
            .then(Script.of(JudgeTest.class, "judge-both.sh"));

    /** Lets a script in front of another end with the state of the tree that is to be expected. */
    private static final Script INDEX = Script.of(Upload.class, "tree.sh")
            .then(new Script("index", "cd \"$1\" || exit 30; stage=$1; index tree >expect"));

    @TempDir
    Path temp;

    private final Random random = new Random(20261122);

    static Stream<ShellUnderTest> hosts() {
        return Stream.of(ShellUnderTest.dash(), ShellUnderTest.busybox());
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void bothSayTheSame(ShellUnderTest host) throws IOException {
        int fast = 0;
        int findings = 0;
        for (int round = 0; round < 25; round++) {
            Path stage = Files.createDirectories(temp.resolve("round" + round));
            Path meta = Files.createDirectories(stage.resolve("meta/manifests")).getParent();
            Path tree = Files.createDirectories(stage.resolve("tree"));
            for (int i = 0; i < 30; i++) {
                put(tree);
            }
            LocalTree base = Trees.read(tree);
            Files.write(meta.resolve("manifests/base"), base.manifest().bytes());
            assertThat(host.run(INDEX, List.of(stage.toString())).ok()).isTrue();

            for (int i = 0; i < 6; i++) {
                change(tree);
            }
            LocalTree next = Trees.read(tree);
            ChangeSet changes = ChangeSet.between(
                    Optional.of(new Base("base", base.manifest().entries())), next.manifest(), HostTools.NONE);
            lists(stage, changes, next.manifest());
            Files.write(stage.resolve("manifest"), next.manifest().bytes());
            for (int i = 0; i < round % 4; i++) {
                // what nobody sent
                change(tree);
            }

            ScriptResult result = host.run(BOTH, List.of(stage.toString(), meta.toString()));
            assertThat(result.ok()).as(new String(result.errors())).isTrue();
            List<String> brief = those(result, "changes ");
            List<String> whole = those(result, "whole ");
            if (result.lines().contains("fast")) {
                fast++;
                assertThat(brief).as("round " + round).isEqualTo(whole);
            }
            findings += whole.size();
        }
        assertThat(fast).isGreaterThan(15);
        assertThat(findings).isGreaterThan(20);
    }

    private static List<String> those(ScriptResult result, String word) {
        return result.lines().stream()
                .filter(line -> line.startsWith(word))
                .map(line -> line.substring(word.length()))
                .distinct()
                .sorted()
                .toList();
    }

    private Path any(Path tree) {
        return tree.resolve("d" + random.nextInt(4)).resolve("f " + random.nextInt(12));
    }

    private void put(Path tree) throws IOException {
        Path file = any(tree);
        Server.run("rm", "-rf", file.toString());
        Files.createDirectories(file.getParent());
        switch (random.nextInt(8)) {
            case 0 -> Files.createSymbolicLink(file, Path.of("target" + random.nextInt(3)));
            case 1 -> Files.createDirectories(file.resolve("inner"));
            default -> Files.writeString(file, "x".repeat(random.nextInt(3)));
        }
        // as files from the network have it, all of one time
        if (Files.isRegularFile(file)) {
            Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L));
        }
    }

    private void change(Path tree) throws IOException {
        Path file = any(tree);
        switch (random.nextInt(4)) {
            case 0 -> Server.run("rm", "-rf", file.toString());
            case 1 -> {
                if (Files.isRegularFile(file)) {
                    Files.setPosixFilePermissions(
                            file, PosixFilePermissions.fromString(random.nextBoolean() ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
            default -> put(tree);
        }
    }

    private static void lists(Path stage, ChangeSet changes, Manifest next) throws IOException {
        Path lists = Files.createDirectories(stage.resolve("ctl1"));
        StringBuilder added = new StringBuilder();
        changes.added().forEach(entry -> entry.appendTo(added));
        Files.writeString(lists.resolve("added"), added);
        StringBuilder gone = new StringBuilder();
        changes.dropped().stream()
                .filter(entry -> !next.entries().containsKey(entry.path()))
                .forEach(entry -> gone.append(entry.path()).append('\n'));
        Files.writeString(lists.resolve("gone"), gone);
    }
}
