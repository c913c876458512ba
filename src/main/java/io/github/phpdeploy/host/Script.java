package io.github.phpdeploy.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/**
 * A POSIX {@code sh} script that ships with the plugin.
 *
 * @param name what it is called in errors
 * @param text its text; fixed at build time, never made from a user's value
 */
public record Script(String name, String text) {

    /**
     * Reads a script that lies beside a class.
     *
     * @param room a class of the package that the script belongs to
     * @param file its file name, such as {@code activate.sh}
     * @return the script, without its comment lines
     */
    public static Script of(Class<?> room, String file) {
        try (InputStream in = room.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("no script " + file + " beside " + room.getName());
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new Script(file, withoutComments(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * This script followed by another, in the same shell and with the same positional parameters.
     *
     * @param next what follows
     * @return both as one
     */
    public Script then(Script next) {
        return new Script(name + "+" + next.name, text + "\n" + next.text);
    }

    /** What does not run need not travel: comment lines and indentation are a third of a script. */
    private static String withoutComments(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .collect(Collectors.joining("\n"));
    }
}
