package io.github.phpdeploy.transfer;

import java.util.Map;
import java.util.TreeMap;

/**
 * The text of {@code refs}: what the host links from where. Files that keep their name are gathered by the directory they come
 * to, because one ln(1) serves them all: a line {@code >DIRECTORY}, then {@code =SOURCE} each; for the others {@code -SOURCE}
 * and {@code +TARGET}.
 */
final class References {

    private References() {}

    static String text(Map<String, String> references) {
        Map<String, StringBuilder> directories = new TreeMap<>();
        StringBuilder others = new StringBuilder();
        new TreeMap<>(references).forEach((target, source) -> {
            if (name(target).equals(name(source))) {
                directories
                        .computeIfAbsent(directory(target), key -> new StringBuilder())
                        .append('=')
                        .append(source)
                        .append('\n');
            } else {
                others.append('-').append(source).append("\n+").append(target).append('\n');
            }
        });
        StringBuilder text = new StringBuilder();
        directories.forEach((directory, sources) ->
                text.append('>').append(directory).append('\n').append(sources));
        return text.append(others).toString();
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String directory(String path) {
        return path.indexOf('/') < 0 ? "." : path.substring(0, path.lastIndexOf('/'));
    }
}
