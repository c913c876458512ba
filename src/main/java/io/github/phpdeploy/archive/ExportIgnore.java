package io.github.phpdeploy.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import nl.basjes.gitignore.GitIgnore;

/**
 * The {@code export-ignore} attribute of gitattributes(5), as {@code git archive} understands it: the last line that
 * matches decides, files further down come later, and a directory that is ignored takes all it holds with it. Patterns
 * are those of gitignore(5), so a gitignore reader matches them.
 */
final class ExportIgnore {

    /** Where attributes stand, in any directory. */
    static final String FILE = ".gitattributes";

    private static final String ATTRIBUTE = "export-ignore";

    /** From the repository's root downwards; {@code prefix} ends in a slash or is empty. */
    private record Rules(String prefix, GitIgnore patterns) {}

    private final String root;
    private final List<Rules> rules = new ArrayList<>();

    private ExportIgnore(String root) {
        this.root = root;
    }

    /** The rules that the repository around a directory has for it; none where there is no repository. */
    static ExportIgnore around(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath().normalize();
        Path top = absolute;
        while (top != null && !Files.exists(top.resolve(".git"))) {
            top = top.getParent();
        }
        if (top == null) {
            return new ExportIgnore("");
        }
        String prefix = FileNames.relative(top.relativize(absolute));
        ExportIgnore rules = new ExportIgnore(prefix.isEmpty() ? "" : prefix + "/");
        Path above = top;
        String path = "";
        for (Path name : top.relativize(absolute)) {
            if (!name.toString().isEmpty()) {
                rules.read(above.resolve(FILE), path);
                above = above.resolve(name);
                path += FileNames.name(name) + "/";
            }
        }
        return rules;
    }

    /**
     * Adds what a directory of the application says about what it holds.
     *
     * @param directory the directory
     * @param path its place in the application, empty for the root
     */
    void enter(Path directory, String path) throws IOException {
        read(directory.resolve(FILE), root + (path.isEmpty() ? "" : path + "/"));
    }

    /** Whether a path of the application is ignored; its parents have been asked before. */
    boolean ignores(String path, boolean directory) {
        if (rules.isEmpty()) {
            return false;
        }
        String full = root + path + (directory ? "/" : "");
        Boolean verdict = null;
        for (Rules each : rules) {
            if (full.startsWith(each.prefix)) {
                Boolean said = each.patterns.isIgnoredFile("/" + full.substring(each.prefix.length()));
                verdict = said == null ? verdict : said;
            }
        }
        return Boolean.TRUE.equals(verdict);
    }

    private void read(Path file, String prefix) throws IOException {
        if (!Files.isRegularFile(file)) {
            return;
        }
        StringBuilder patterns = new StringBuilder();
        for (String line : Files.readString(file, StandardCharsets.UTF_8).split("\n")) {
            translate(line.strip(), patterns);
        }
        if (!patterns.isEmpty()) {
            rules.add(new Rules(prefix, new GitIgnore(patterns.toString())));
        }
    }

    /** A line of gitattributes becomes a line of gitignore, where it speaks of our attribute. */
    private static void translate(String line, StringBuilder patterns) {
        if (line.isEmpty() || line.startsWith("#") || line.startsWith("[attr]")) {
            return;
        }
        String pattern;
        String attributes;
        int end = line.startsWith("\"") ? line.indexOf('"', 1) : indexOfBlank(line);
        if (end < 0) {
            return;
        }
        pattern = line.startsWith("\"") ? line.substring(1, end) : line.substring(0, end);
        attributes = line.substring(end + 1);
        for (String attribute : attributes.strip().split("[ \t]+")) {
            if (attribute.equals(ATTRIBUTE)) {
                patterns.append(pattern).append('\n');
            } else if (attribute.equals("-" + ATTRIBUTE) || attribute.equals("!" + ATTRIBUTE)) {
                patterns.append('!').append(pattern).append('\n');
            }
        }
    }

    private static int indexOfBlank(String line) {
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) == ' ' || line.charAt(i) == '\t') {
                return i;
            }
        }
        return -1;
    }
}
