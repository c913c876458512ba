package io.github.phpdeploy.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.github.phpdeploy.PhpDeployException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ApplicationTest {

    @TempDir
    Path root;

    private void write(String... paths) throws IOException {
        for (String path : paths) {
            Path file = root.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, path);
        }
    }

    private static void git(Path directory, String... arguments) throws IOException {
        List<String> command = new java.util.ArrayList<>(List.of("git", "-c", "user.name=t", "-c", "user.email=t@t"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes());
        try {
            assertThat(process.waitFor()).as(said).isZero();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private List<String> files(Selection selection) {
        return Application.scan(root, selection).stream()
                .filter(file -> file.kind() != ApplicationFile.Kind.DIRECTORY)
                .map(ApplicationFile::path)
                .toList();
    }

    private static Selection selection(List<String> includes, List<String> excludes) {
        return new Selection(includes, excludes, true, List.of());
    }

    @Test
    void leavesOutWhatNoApplicationShips() throws IOException {
        write(
                "index.php",
                "src/a.php",
                "vendor/autoload.php",
                "vendor/x/composer.json",
                "target-group/a.php",
                "lib/target/kept.php",
                ".htaccess",
                "composer.json",
                "node/a.js",
                "docs/pom.xml");
        write(
                ".git/HEAD",
                ".git/refs/x",
                "target/x.jar",
                "node_modules/a/b.js",
                "web/node_modules/a.js",
                ".idea/workspace.xml",
                ".vscode/settings.json",
                "shop.iml",
                "pom.xml",
                ".mvn/wrapper/a",
                "mvnw",
                "mvnw.cmd",
                ".env",
                ".env.local",
                "sub/.env.production",
                ".DS_Store",
                "a/Thumbs.db",
                ".gitignore",
                "src/.gitkeep",
                ".svn/entries",
                "vendor/x/.git/config",
                "a.php~",
                ".a.php.swp",
                ".editorconfig");
        assertThat(files(Selection.standard()))
                .containsExactly(
                        ".htaccess",
                        "composer.json",
                        "docs/pom.xml",
                        "index.php",
                        "lib/target/kept.php",
                        "node/a.js",
                        "src/a.php",
                        "target-group/a.php",
                        "vendor/autoload.php",
                        "vendor/x/composer.json");
        assertThat(files(new Selection(List.of(), List.of(), false, List.of()))).contains(".env", "pom.xml");
    }

    @Test
    void takesIncludesAndLeavesExcludes() throws IOException {
        write("index.php", "src/a.php", "src/deep/b.php", "tests/t.php", "src/tests/u.php", "README.md", "x.txt");
        assertThat(files(selection(List.of("src/", "index.php"), List.of())))
                .containsExactly("index.php", "src/a.php", "src/deep/b.php", "src/tests/u.php");
        assertThat(files(selection(List.of("src"), List.of()))).contains("src/deep/b.php");
        assertThat(files(selection(List.of("**/*.php"), List.of("tests/", "**/deep/**"))))
                .containsExactly("index.php", "src/a.php", "src/tests/u.php");
        assertThat(files(selection(List.of(), List.of("**/tests", "*.md"))))
                .containsExactly("index.php", "src/a.php", "src/deep/b.php", "x.txt");
        assertThat(files(selection(List.of("*"), List.of()))).containsExactly("README.md", "index.php", "x.txt");
        assertThat(files(selection(List.of("?.txt"), List.of()))).containsExactly("x.txt");
    }

    @Test
    void honoursExportIgnore() throws IOException {
        write(
                "index.php",
                "tests/a.php",
                "src/tests/b.php",
                "docs/manual.md",
                "docs/api/x.md",
                "phpunit.xml.dist",
                "src/a.php",
                "src/a.stub",
                "src/keep.stub",
                "my notes.txt",
                "lib/generated/x.php");
        Files.writeString(
                root.resolve(".gitattributes"),
                "* text=auto\n/tests export-ignore\n/docs/* export-ignore\n*.dist text export-ignore\n"
                        + "*.stub export-ignore\nkeep.stub -export-ignore\n\"my notes.txt\" export-ignore\n");
        Files.writeString(root.resolve("lib/.gitattributes"), "generated/ export-ignore\n");
        git(root, "init", "-q");
        assertThat(files(Selection.standard()))
                .containsExactly("index.php", "src/a.php", "src/keep.stub", "src/tests/b.php");

        // git archive agrees
        git(root, "add", "-A");
        git(root, "commit", "-qm", "x");
        git(root, "archive", "-o", root.resolve("../a.tar").toString(), "HEAD");
        Process tar = new ProcessBuilder("tar", "tf", root.resolve("../a.tar").toString()).start();
        List<String> archived = new String(tar.getInputStream().readAllBytes())
                .lines()
                .filter(line -> !line.endsWith("/") && !line.endsWith(".gitattributes"))
                .sorted()
                .toList();
        assertThat(archived).containsExactlyElementsOf(files(Selection.standard()));
    }

    @Test
    void honoursExportIgnoreOfARepositoryAbove() throws IOException {
        Path repository = root;
        Files.createDirectories(repository.resolve("apps/shop/spec"));
        Files.writeString(repository.resolve("apps/shop/index.php"), "");
        Files.writeString(repository.resolve("apps/shop/spec/a.php"), "");
        Files.writeString(repository.resolve("apps/shop/b.tmp"), "");
        Files.writeString(repository.resolve(".gitattributes"), "apps/shop/spec export-ignore\n");
        Files.writeString(repository.resolve("apps/.gitattributes"), "*.tmp export-ignore\n");
        git(repository, "init", "-q");
        root = repository.resolve("apps/shop");
        assertThat(files(Selection.standard())).containsExactly("index.php");
    }

    @Test
    void takesExecutableBitsFromTheFileSystem() throws IOException {
        write("run", "index.php");
        assertThat(root.resolve("run").toFile().setExecutable(true)).isTrue();
        assertThat(Application.scan(root, Selection.standard()))
                .extracting(ApplicationFile::path, ApplicationFile::executable)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("index.php", false),
                        org.assertj.core.groups.Tuple.tuple("run", true));
    }

    @Test
    void takesExecutableBitsAndLinksFromGitWhereTheFileSystemHasNone() throws IOException {
        write("bin/run", "index.php", "not-in-git");
        assertThat(root.resolve("bin/run").toFile().setExecutable(true)).isTrue();
        Files.createSymbolicLink(root.resolve("link.php"), Path.of("index.php"));
        git(root, "init", "-q");
        git(root, "add", "bin/run", "index.php", "link.php");
        git(root, "config", "core.fileMode", "false");
        // as a checkout looks on such a file system: no bits, and the link a file that holds its target
        assertThat(root.resolve("bin/run").toFile().setExecutable(false)).isTrue();
        assertThat(root.resolve("index.php").toFile().setExecutable(true)).isTrue();
        Files.delete(root.resolve("link.php"));
        Files.writeString(root.resolve("link.php"), "index.php");
        List<ApplicationFile> files = Application.scan(root, Selection.standard());
        assertThat(files)
                .filteredOn(ApplicationFile::executable)
                .extracting(ApplicationFile::path)
                .containsExactly("bin/run");
        assertThat(files)
                .filteredOn(file -> file.kind() == ApplicationFile.Kind.LINK)
                .extracting(ApplicationFile::path, ApplicationFile::target)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("link.php", "index.php"));
    }

    @Test
    void keepsLinksThatStayInside() throws IOException {
        write("src/a.php", "public/index.php");
        Files.createSymbolicLink(root.resolve("public/src"), Path.of("../src"));
        Files.createSymbolicLink(root.resolve("public/a.php"), Path.of("src/a.php"));
        Files.createSymbolicLink(root.resolve("self"), Path.of("."));
        assertThat(files(Selection.standard()))
                .containsExactly("public/a.php", "public/index.php", "public/src", "self", "src/a.php");
    }

    private String refusal(Selection selection) {
        try {
            Application.scan(root, selection);
            throw new AssertionError("was taken");
        } catch (PhpDeployException e) {
            return e.getMessage();
        }
    }

    @Test
    void refusesLinksThatLeadOut() throws IOException {
        write("index.php");
        for (String target : List.of(
                "../outside",
                "/etc/passwd",
                "a/../../b",
                root.resolve("index.php").toString())) {
            Files.createSymbolicLink(root.resolve("link"), Path.of(target));
            assertThat(refusal(Selection.standard()))
                    .contains("the symbolic link link points to " + target + ", outside the application")
                    .contains("<exclude>link</exclude>");
            assertThat(files(selection(List.of(), List.of("link")))).containsExactly("index.php");
            Files.delete(root.resolve("link"));
        }
    }

    @Test
    void refusesLinksThatLeadNowhere() throws IOException {
        write("index.php", ".env");
        Files.createSymbolicLink(root.resolve("link"), Path.of("missing.php"));
        assertThat(refusal(Selection.standard())).contains("points to missing.php, which does not exist");
        Files.delete(root.resolve("link"));
        Files.createSymbolicLink(root.resolve("link"), Path.of(".env"));
        assertThat(refusal(Selection.standard())).contains("points to .env, which does not belong to the application");
        Selection provided = new Selection(List.of(), List.of(), true, List.of(".env"));
        assertThat(files(provided)).contains("link");
    }

    @Test
    void allowsLinksIntoWhatTheHostProvides() throws IOException {
        write("public/index.php");
        Files.createSymbolicLink(root.resolve("public/storage"), Path.of("../storage/app/public"));
        assertThat(refusal(Selection.standard())).contains("storage/app/public");
        assertThat(files(new Selection(List.of(), List.of(), true, List.of("storage"))))
                .containsExactly("public/index.php", "public/storage");
    }

    @Test
    void refusesAnEmptyApplicationAndAMissingDirectory() throws IOException {
        Files.createDirectory(root.resolve("src"));
        assertThat(refusal(Selection.standard())).contains("is empty: no file belongs to it");
        write("pom.xml");
        assertThat(refusal(Selection.standard())).contains("is empty");
        assertThatThrownBy(() -> Application.scan(root.resolve("nowhere"), Selection.standard()))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("php.sourceDirectory");
    }

    @Test
    void refusesPipesAndTheLike() throws Exception {
        write("index.php");
        assertThat(new ProcessBuilder("mkfifo", root.resolve("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();
        assertThat(refusal(Selection.standard())).contains("is neither a file nor a directory nor a symbolic link");
    }

    @Test
    void refusesNamesThatAreNoUtf8() throws Exception {
        write("index.php");
        assertThat(new ProcessBuilder("sh", "-c", "touch \"$(printf 'caf\\351.php')\"")
                        .directory(root.toFile())
                        .start()
                        .waitFor())
                .isZero();
        assertThat(refusal(Selection.standard())).contains("caf%E9.php").contains("is not UTF-8");
    }

    @Test
    void keepsEmptyDirectories() throws IOException {
        write("index.php");
        Files.createDirectories(root.resolve("cache/pages"));
        assertThat(Application.scan(root, Selection.standard()))
                .extracting(ApplicationFile::path)
                .containsExactly("cache", "cache/pages", "index.php");
    }
}
