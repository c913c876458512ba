package io.github.phpdeploy.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The git work tree around an application: which commit it is, and what git knows of its files where the file system
 * does not. The commit is read from git's files, so that it is found without a git program and in CI containers where
 * git refuses a directory of another owner.
 */
public final class GitCheckout {

    /** How much of a commit's name is enough to tell it: git's own default. */
    private static final int SHORT = 7;

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final Pattern STAGED = Pattern.compile("(\\d{6}) [0-9a-f]+ \\d\t(.+)", Pattern.DOTALL);

    private final Path gitDirectory;
    private final Path commonDirectory;
    private final Path application;

    private GitCheckout(Path gitDirectory, Path commonDirectory, Path application) {
        this.gitDirectory = gitDirectory;
        this.commonDirectory = commonDirectory;
        this.application = application;
    }

    /**
     * Looks for the work tree that a directory belongs to.
     *
     * @param directory the application's root
     * @return the work tree; empty where there is none
     * @throws IOException when it is there and cannot be read
     */
    public static Optional<GitCheckout> around(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath().normalize();
        for (Path at = absolute; at != null; at = at.getParent()) {
            Path git = at.resolve(".git");
            if (Files.isRegularFile(git)) {
                // a linked work tree or a submodule: gitrepository-layout(5)
                String text = Files.readString(git, StandardCharsets.UTF_8).strip();
                git = at.resolve(text.replaceFirst("^gitdir: *", "")).normalize();
            }
            if (Files.isRegularFile(git.resolve("HEAD"))) {
                Path common = git.resolve("commondir");
                Path shared = Files.isRegularFile(common)
                        ? git.resolve(Files.readString(common, StandardCharsets.UTF_8)
                                        .strip())
                                .normalize()
                        : git;
                return Optional.of(new GitCheckout(git, shared, absolute));
            }
        }
        return Optional.empty();
    }

    /**
     * The commit that is checked out.
     *
     * @return the first seven digits of its name; empty before the first commit
     * @throws IOException when git's files cannot be read
     */
    public Optional<String> commit() throws IOException {
        String head = Files.readString(gitDirectory.resolve("HEAD"), StandardCharsets.UTF_8)
                .strip();
        for (int depth = 0; head.startsWith("ref: ") && depth < 5; depth++) {
            String ref = head.substring("ref: ".length()).strip();
            head = readRef(ref);
        }
        return COMMIT.matcher(head).matches() ? Optional.of(head.substring(0, SHORT)) : Optional.empty();
    }

    private String readRef(String ref) throws IOException {
        for (Path directory : new Path[] {gitDirectory, commonDirectory}) {
            Path loose = directory.resolve(ref).normalize();
            if (loose.startsWith(directory) && Files.isRegularFile(loose)) {
                return Files.readString(loose, StandardCharsets.UTF_8).strip();
            }
        }
        Path packed = commonDirectory.resolve("packed-refs");
        if (Files.isRegularFile(packed)) {
            for (String line : Files.readString(packed, StandardCharsets.UTF_8).split("\n")) {
                if (line.endsWith(" " + ref)) {
                    return line.substring(0, line.indexOf(' '));
                }
            }
        }
        return "";
    }

    /**
     * Whether git was told not to believe this file system's executable bits ({@code core.fileMode=false}, which
     * {@code git init} sets where the file system keeps none).
     *
     * @return true when the bits must come from {@link #modes()}
     * @throws IOException when git's configuration cannot be read
     */
    public boolean distrustsFileModes() throws IOException {
        Path config = commonDirectory.resolve("config");
        if (!Files.isRegularFile(config)) {
            return false;
        }
        Matcher setting = Pattern.compile("(?im)^\\s*filemode\\s*=\\s*(\\w+)\\s*$")
                .matcher(Files.readString(config, StandardCharsets.UTF_8));
        boolean distrusts = false;
        while (setting.find()) {
            distrusts = setting.group(1).equalsIgnoreCase("false");
        }
        return distrusts;
    }

    /**
     * The modes that git's index has for the application's files.
     *
     * @return path in the application → octal mode, such as 100755 or 120000
     * @throws IOException when there is no git program, or it fails
     */
    public Map<String, String> modes() throws IOException {
        Process git = new ProcessBuilder("git", "-c", "safe.directory=*", "ls-files", "--stage", "-z")
                .directory(application.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        git.getOutputStream().close();
        String listing = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            int exitCode = git.waitFor();
            if (exitCode != 0) {
                throw new IOException("git ls-files ended with exit code " + exitCode);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        Map<String, String> modes = new HashMap<>();
        for (String entry : listing.split("\0")) {
            Matcher staged = STAGED.matcher(entry);
            if (staged.matches()) {
                modes.put(staged.group(2), staged.group(1));
            }
        }
        return modes;
    }
}
