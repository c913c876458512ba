package io.github.phpdeploy.archive;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.github.phpdeploy.PhpDeployException;

/**
 * PHP's package manager, run on this machine in the application's directory.
 *
 * @param executable the program, such as {@code composer} or a path
 * @param options the user's options, added to those of {@link #INSTALL}
 */
public record Composer(String executable, List<String> options) {

    /** What a production release needs: no development packages, class map instead of file look-ups. */
    public static final List<String> INSTALL =
            List.of("install", "--no-dev", "--optimize-autoloader", "--no-interaction", "--no-progress");

    /**
     * Whether an application declares packages that are not installed beside it.
     *
     * @param root the application's root
     * @return true when there is a {@code composer.json} and no {@code vendor} directory
     */
    public static boolean isMissingVendor(Path root) {
        return Files.isRegularFile(root.resolve("composer.json")) && !Files.isDirectory(root.resolve("vendor"));
    }

    /**
     * Installs the packages.
     *
     * @param root the application's root
     * @param output takes each line that Composer prints
     * @throws PhpDeployException when there is no {@code composer.json}, the program cannot be started, or it fails
     */
    public void install(Path root, Consumer<String> output) {
        if (!Files.isRegularFile(root.resolve("composer.json"))) {
            throw new PhpDeployException(
                    "<composer> is set, but there is no composer.json in " + root,
                    "remove <composer>, or set php.sourceDirectory to where composer.json lies");
        }
        List<String> command = new ArrayList<>();
        command.add(executable);
        command.addAll(INSTALL);
        command.addAll(options);
        String shown = String.join(" ", command);
        try {
            Process process = new ProcessBuilder(command)
                    .directory(root.toFile())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String last = "";
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    output.accept(line);
                    last = line.isBlank() ? last : line.strip();
                }
            }
            int exitCode = process.waitFor();
            if (exitCode != 0) {
                throw new PhpDeployException(
                        "\"" + shown + "\" failed in " + root + " with exit code " + exitCode + ": " + last,
                        "run it by hand there and correct what it says");
            }
        } catch (IOException e) {
            throw new PhpDeployException(
                    "\"" + executable + "\" could not be started in " + root,
                    "install Composer, or name the program with <composer><executable>",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PhpDeployException("\"" + shown + "\" was interrupted", "run the build again", e);
        }
    }
}
