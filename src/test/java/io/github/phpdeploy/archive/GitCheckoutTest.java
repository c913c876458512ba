package io.github.phpdeploy.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class GitCheckoutTest {

    @TempDir
    Path temp;

    private Path repository;

    @BeforeEach
    void repository() throws IOException {
        repository = Files.createDirectory(temp.resolve("repository"));
        git("init", "-q");
        Files.writeString(repository.resolve("index.php"), "");
        git("add", "-A");
        git("commit", "-qm", "first");
    }

    private String git(String... arguments) throws IOException {
        var command = new java.util.ArrayList<>(java.util.List.of("git", "-c", "user.name=t", "-c", "user.email=t@t"));
        command.addAll(java.util.List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(repository.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes()).strip();
        try {
            assertThat(process.waitFor()).as(said).isZero();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return said;
    }

    private String commit(Path directory) throws IOException {
        return GitCheckout.around(directory).orElseThrow().commit().orElse("none");
    }

    @Test
    void findsTheCommitOfABranchADetachedHeadAndPackedRefs() throws IOException {
        String head = git("rev-parse", "HEAD").substring(0, 7);
        assertThat(commit(repository)).isEqualTo(head);
        git("pack-refs", "--all");
        assertThat(commit(repository)).isEqualTo(head);
        git("checkout", "-q", "--detach");
        assertThat(commit(repository)).isEqualTo(head);
        assertThat(commit(Files.createDirectories(repository.resolve("a/b")))).isEqualTo(head);
    }

    @Test
    void findsTheCommitOfALinkedWorkTree() throws IOException {
        git("worktree", "add", "-q", "-b", "other", temp.resolve("linked").toString());
        assertThat(commit(temp.resolve("linked")))
                .isEqualTo(git("rev-parse", "other").substring(0, 7));
    }

    @Test
    void knowsNothingBeforeTheFirstCommitAndOutsideOfGit() throws IOException {
        Path fresh = Files.createDirectory(temp.resolve("fresh"));
        repository = fresh;
        git("init", "-q");
        assertThat(commit(fresh)).isEqualTo("none");
        assertThat(GitCheckout.around(Files.createDirectory(temp.resolve("no-git"))))
                .isEmpty();
    }
}
