package io.github.phpdeploy.transfer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Directories of a test as trees. */
final class Trees {

    private Trees() {}

    private static List<Path> below(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(file -> !file.equals(root)).sorted().toList();
        }
    }

    /** Everything below a directory. */
    static List<TreeFile> found(Path root) throws IOException {
        List<TreeFile> found = new ArrayList<>();
        for (Path file : below(root)) {
            String path = root.relativize(file).toString();
            if (Files.isSymbolicLink(file)) {
                found.add(TreeFile.link(path, Files.readSymbolicLink(file).toString()));
            } else if (Files.isDirectory(file)) {
                found.add(TreeFile.directory(path));
            } else {
                BasicFileAttributes seen = Files.readAttributes(file, BasicFileAttributes.class);
                found.add(new TreeFile(path, Kind.FILE, Files.isExecutable(file), file, null, seen));
            }
        }
        return found;
    }

    /** The same, read. */
    static LocalTree read(Path root) throws IOException {
        return LocalTree.read(found(root), HashCache.none());
    }

    /** Everything that can be seen of a tree, but times and owners. */
    static TreeMap<String, String> contents(Path root) throws IOException {
        TreeMap<String, String> contents = new TreeMap<>();
        for (Path file : below(root)) {
            String path = root.relativize(file).toString();
            try {
                if (Files.isSymbolicLink(file)) {
                    contents.put(path, "-> " + Files.readSymbolicLink(file));
                } else if (Files.isDirectory(file)) {
                    contents.put(path, "directory");
                } else {
                    contents.put(path, (Files.isExecutable(file) ? "x " : "- ") + Files.readString(file));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return contents;
    }
}
