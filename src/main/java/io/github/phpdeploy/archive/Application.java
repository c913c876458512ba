package io.github.phpdeploy.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

import io.github.phpdeploy.PhpDeployException;

/** A PHP application on this machine: a root, and what below it belongs to the application. */
public final class Application {

    private final Path root;
    private final Selection selection;
    private final Patterns includes;
    private final Patterns excludes;
    private final ExportIgnore exportIgnore;
    private final boolean posix;
    private final Map<String, String> gitModes;
    private final List<ApplicationFile> files = new ArrayList<>();
    private final Consumer<ApplicationFile> found;

    private Application(Path root, Selection selection, Consumer<ApplicationFile> found) throws IOException {
        this.root = root;
        this.found = found;
        this.selection = selection;
        this.includes = Patterns.of(selection.includes());
        List<String> out = new ArrayList<>(selection.excludes());
        if (selection.defaultExcludes()) {
            out.addAll(Selection.DEFAULT_EXCLUDES);
        }
        this.excludes = Patterns.of(out);
        this.exportIgnore = ExportIgnore.around(root);
        boolean hasModes = Files.getFileStore(root).supportsFileAttributeView("posix");
        Optional<GitCheckout> git = GitCheckout.around(root);
        boolean askGit = git.isPresent() && (!hasModes || git.get().distrustsFileModes());
        this.posix = hasModes && !askGit;
        this.gitModes = askGit ? modes(git.get()) : Map.of();
    }

    private static Map<String, String> modes(GitCheckout git) {
        try {
            return git.modes();
        } catch (IOException e) {
            throw new PhpDeployException(
                    "this file system keeps no executable bits, and git, which knows them, could not be asked: "
                            + e.getMessage(),
                    "install git, so that \"git ls-files --stage\" works in the project's directory",
                    e);
        }
    }

    /**
     * Looks through a directory. Contents are not read.
     *
     * @param root the application's root
     * @param selection what belongs to it
     * @return what belongs to the application, sorted by path, a directory before what it holds
     * @throws PhpDeployException when the root is no directory, nothing belongs to the application, a symbolic link
     *     leads nowhere or out of the application, or there is something that is neither file, directory nor link
     */
    public static List<ApplicationFile> scan(Path root, Selection selection) {
        return scan(root, selection, file -> {});
    }

    /**
     * Looks through a directory, and tells of each thing as soon as it is found. Contents are not read.
     *
     * @param root the application's root
     * @param selection what belongs to it
     * @param found hears, in any order and before all is checked, what belongs to the application
     * @return the same as {@link #scan(Path, Selection)}
     * @throws PhpDeployException as there
     */
    public static List<ApplicationFile> scan(Path root, Selection selection, Consumer<ApplicationFile> found) {
        if (!Files.isDirectory(root)) {
            throw new PhpDeployException(
                    "the application's directory " + root + " is not there",
                    "set php.sourceDirectory to the directory that holds the PHP application");
        }
        try {
            Application application = new Application(root.toAbsolutePath().normalize(), selection, found);
            application.visit(application.root, "");
            application.sort();
            application.checkLinks();
            return List.copyOf(application.files);
        } catch (IOException e) {
            throw new PhpDeployException(
                    "the application in " + root + " could not be read: " + e.getMessage(),
                    "make it readable for the user that runs the build, or exclude what it does not need",
                    e);
        }
    }

    /** Adds what a directory holds; says whether there was anything. */
    private boolean visit(Path directory, String path) throws IOException {
        // what comes in order is sorted at once
        Map<String, Path> children = new TreeMap<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            for (Path child : stream) {
                children.put(FileNames.name(child), child);
            }
        }
        if (children.containsKey(ExportIgnore.FILE)) {
            exportIgnore.enter(directory, path);
        }
        boolean any = false;
        for (Map.Entry<String, Path> child : children.entrySet()) {
            any |= consider(child.getValue(), path.isEmpty() ? child.getKey() : path + "/" + child.getKey());
        }
        return any;
    }

    private boolean consider(Path file, String path) throws IOException {
        Class<? extends BasicFileAttributes> view = posix ? PosixFileAttributes.class : BasicFileAttributes.class;
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(file, view, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            // gone since its directory was listed
            return false;
        }
        boolean directory = attributes.isDirectory();
        if (excludes.matchItself(path) || exportIgnore.ignores(path, directory)) {
            return false;
        }
        boolean wanted = includes.isEmpty() || includes.match(path);
        if (directory) {
            ApplicationFile self = new ApplicationFile(path, ApplicationFile.Kind.DIRECTORY, false, file, null, null);
            if (wanted) {
                add(self);
            }
            boolean any = visit(file, path);
            if (any && !wanted) {
                add(self);
            }
            return any || wanted;
        }
        if (!wanted) {
            return false;
        }
        String mode = gitModes.getOrDefault(path, "");
        if (attributes.isSymbolicLink()) {
            add(link(path, file, FileNames.relative(Files.readSymbolicLink(file))));
        } else if (mode.equals("120000")) {
            // git without symbolic links checks one out as a file that holds the target: core.symlinks
            add(link(path, file, Files.readString(file, StandardCharsets.UTF_8)));
        } else if (attributes.isRegularFile()) {
            boolean executable = attributes instanceof PosixFileAttributes modes
                    ? modes.permissions().contains(PosixFilePermission.OWNER_EXECUTE)
                    : mode.equals("100755");
            add(new ApplicationFile(path, ApplicationFile.Kind.FILE, executable, file, null, attributes));
        } else {
            throw new PhpDeployException(
                    file + " is neither a file nor a directory nor a symbolic link",
                    "remove it, or add <exclude>" + path + "</exclude>");
        }
        return true;
    }

    private void add(ApplicationFile file) {
        files.add(file);
        found.accept(file);
    }

    private static ApplicationFile link(String path, Path file, String target) {
        return new ApplicationFile(path, ApplicationFile.Kind.LINK, false, file, target, null);
    }

    private void sort() {
        files.sort(Comparator.comparing(ApplicationFile::path));
        if (files.stream().noneMatch(file -> file.kind() != ApplicationFile.Kind.DIRECTORY)) {
            throw new PhpDeployException(
                    "the application in " + root + " is empty: no file belongs to it",
                    "check php.sourceDirectory, <includes> and <excludes>");
        }
    }

    private void checkLinks() {
        if (files.stream().noneMatch(file -> file.kind() == ApplicationFile.Kind.LINK)) {
            return;
        }
        Set<String> paths = new HashSet<>();
        files.forEach(file -> paths.add(file.path()));
        for (ApplicationFile file : files) {
            if (file.kind() == ApplicationFile.Kind.LINK) {
                checkLink(file, paths);
            }
        }
    }

    private void checkLink(ApplicationFile link, Set<String> paths) {
        String where = "the symbolic link " + link.path() + " points to " + link.target();
        String advice = "make it point to something inside the application by a relative path, or add <exclude>"
                + link.path() + "</exclude>";
        Optional<String> target = resolve(link.path(), link.target());
        if (target.isEmpty()) {
            throw new PhpDeployException(where + ", outside the application", advice);
        }
        String inside = target.get();
        boolean provided = selection.linkable().stream()
                .anyMatch(
                        path -> inside.equals(path) || inside.startsWith(path + "/") || path.startsWith(inside + "/"));
        if (isLoop(link)) {
            throw new PhpDeployException(where + ", which leads back to itself", advice);
        }
        if (inside.isEmpty() || paths.contains(inside) || provided || throughLink(inside)) {
            return;
        }
        throw new PhpDeployException(
                where
                        + (Files.exists(link.source())
                                ? ", which does not belong to the application"
                                : ", which does not exist"),
                advice);
    }

    /** Whether who follows a link, and what it points to, comes back to a link that was followed already. */
    private boolean isLoop(ApplicationFile link) {
        Set<String> followed = new HashSet<>();
        Optional<ApplicationFile> at = Optional.of(link);
        while (at.isPresent()) {
            if (!followed.add(at.get().path())) {
                return true;
            }
            Optional<String> next = resolve(at.get().path(), at.get().target());
            at = files.stream()
                    .filter(file -> file.kind() == ApplicationFile.Kind.LINK)
                    .filter(file -> next.equals(Optional.of(file.path())))
                    .findFirst();
        }
        return false;
    }

    /** Where a relative target leads, by names alone; empty when it leads out. */
    private static Optional<String> resolve(String link, String target) {
        if (target.startsWith("/") || target.matches("[A-Za-z]:.*") || target.isEmpty()) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>(List.of(link.split("/")));
        names.remove(names.size() - 1);
        for (String name : target.split("/")) {
            if (name.equals("..")) {
                if (names.isEmpty()) {
                    return Optional.empty();
                }
                names.remove(names.size() - 1);
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        return Optional.of(String.join("/", names));
    }

    /** Whether a path leads through another link of the application, which is checked itself. */
    private boolean throughLink(String path) {
        return Files.exists(root.resolve(path))
                && files.stream()
                        .filter(file -> file.kind() == ApplicationFile.Kind.LINK)
                        .anyMatch(file -> path.startsWith(file.path() + "/"));
    }
}
