package io.github.phpdeploy.deploy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Printable;

/**
 * What survives releases: it lies under {@code shared/}, and each release has links to it.
 *
 * @param directories paths in the application; made when they are missing
 * @param files paths in the application
 */
public record Shared(List<String> directories, List<File> files) {

    /**
     * A shared file.
     *
     * @param path where it lies in the application
     * @param template a file on this machine to make it from when it is missing; empty to fail then
     */
    public record File(String path, Optional<Path> template) {}

    /** Checked and immutable. */
    public Shared {
        directories = directories.stream().map(Shared::check).toList();
        files = files.stream()
                .map(file -> new File(check(file.path), file.template))
                .toList();
        List<String> all = new ArrayList<>(directories);
        files.forEach(file -> all.add(file.path));
        for (String one : all) {
            for (String other : all) {
                if (one != other && (one.equals(other) || other.startsWith(one + "/"))) {
                    throw new PhpDeployException(
                            "<shared> names " + one + " and " + other + ", which lie in each other",
                            "name only the outer one");
                }
            }
        }
    }

    /**
     * Nothing is shared.
     *
     * @return no directories and no files
     */
    public static Shared none() {
        return new Shared(List.of(), List.of());
    }

    /**
     * All paths that a release does not bring itself.
     *
     * @return directories and files
     */
    public List<String> paths() {
        List<String> paths = new ArrayList<>(directories);
        files.forEach(file -> paths.add(file.path));
        return paths;
    }

    boolean isEmpty() {
        return directories.isEmpty() && files.isEmpty();
    }

    /** A path inside the application, without slashes at its ends. */
    static String check(String path) {
        String trimmed = path.strip().replaceAll("^(\\./)+|/+$", "");
        if (trimmed.isEmpty()
                || trimmed.startsWith("/")
                || ("/" + trimmed + "/").matches("(?s).*/(\\.\\.?)?/.*")
                || trimmed.chars().anyMatch(c -> c < ' ')) {
            throw new PhpDeployException(
                    "\"" + Printable.line(path) + "\" is no path inside the application",
                    "write it relative to the application's root, such as storage/logs");
        }
        return trimmed;
    }
}
