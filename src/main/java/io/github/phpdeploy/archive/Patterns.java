package io.github.phpdeploy.archive;

import java.io.File;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import org.codehaus.plexus.util.MatchPatterns;

/**
 * Patterns in Maven's syntax, as one question. Most patterns name one path or one name at any depth; these are looked
 * up, and only the rest is matched one by one: a tree of 60,000 files is asked as many times.
 */
final class Patterns {

    /** A pattern for one name: with wildcards, but none that crosses directories, and none that Ant reads otherwise. */
    private static final Pattern GLOB = Pattern.compile("(?!.*\\*\\*)[^/%]*[*?][^/%]*");

    private final boolean empty;
    private final Set<String> paths = new HashSet<>();
    private final Set<String> names = new HashSet<>();
    private final List<Glob> globs = new ArrayList<>();
    private final List<Glob> topGlobs = new ArrayList<>();
    private final MatchPatterns others;

    private Patterns(List<String> written) {
        empty = written.isEmpty();
        List<String> rest = new ArrayList<>();
        for (String each : written) {
            String pattern = each.strip().replace('\\', '/').replaceFirst("^\\./", "");
            if (pattern.endsWith("/")) {
                pattern = pattern.substring(0, pattern.length() - 1);
                rest.add(pattern + "/**");
            }
            String name = pattern.startsWith("**/") ? pattern.substring(3) : pattern;
            if (pattern.startsWith("**/") && GLOB.matcher(name).matches()) {
                globs.add(Glob.of(name));
            } else if (GLOB.matcher(pattern).matches()) {
                topGlobs.add(Glob.of(pattern));
            } else if (name.indexOf('*') >= 0 || name.indexOf('?') >= 0 || name.startsWith("%regex[")) {
                rest.add(pattern);
            } else if (pattern.startsWith("**/") && name.indexOf('/') < 0) {
                names.add(name);
            } else if (pattern.startsWith("**/")) {
                rest.add(pattern);
            } else {
                paths.add(pattern);
            }
        }
        others = rest.isEmpty()
                ? null
                : MatchPatterns.from(rest.stream()
                        .map(pattern -> pattern.replace('/', File.separatorChar))
                        .toList());
    }

    /** A pattern for one name, such as {@code *.iml}. Most names fail at what stands before or behind the wildcards. */
    private record Glob(String before, String behind, Pattern whole) {

        static Glob of(String glob) {
            StringBuilder regex = new StringBuilder();
            int first = glob.length();
            int last = -1;
            for (int i = 0; i < glob.length(); i++) {
                char c = glob.charAt(i);
                if (c == '*' || c == '?') {
                    first = Math.min(first, i);
                    last = i;
                    regex.append(c == '*' ? ".*" : ".");
                } else {
                    regex.append(Pattern.quote(String.valueOf(c)));
                }
            }
            return new Glob(
                    glob.substring(0, first),
                    glob.substring(last + 1),
                    Pattern.compile(regex.toString(), Pattern.DOTALL));
        }

        boolean matches(String name) {
            return name.startsWith(before)
                    && name.endsWith(behind)
                    && whole.matcher(name).matches();
        }
    }

    static Patterns of(List<String> written) {
        return new Patterns(written);
    }

    boolean isEmpty() {
        return empty;
    }

    private static boolean matchOne(List<Glob> globs, String name) {
        for (Glob glob : globs) {
            if (glob.matches(name)) {
                return true;
            }
        }
        return false;
    }

    /** Whether one of the patterns matches a relative path with {@code /} between names, or a directory above it. */
    boolean match(String path) {
        if (empty) {
            return false;
        }
        for (int end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
            if (paths.contains(path.substring(0, end))) {
                return true;
            }
        }
        return matchItself(path);
    }

    /** Whether one of the patterns matches a path none of whose parents is matched. */
    boolean matchItself(String path) {
        if (empty) {
            return false;
        }
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (paths.contains(path) || names.contains(name)) {
            return true;
        }
        if (matchOne(globs, name) || (name.length() == path.length() && matchOne(topGlobs, name))) {
            return true;
        }
        return others != null && others.matches(path.replace('/', File.separatorChar), true);
    }
}
