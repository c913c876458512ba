package io.github.phpdeploy.archive;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import io.github.phpdeploy.PhpDeployException;

/**
 * Reads file names as what they are, UTF-8, whatever locale the build runs in. Under {@code LC_ALL=C}, as in many CI
 * containers, the JDK shows every byte beyond ASCII as a question mark; its {@code Path} still holds the bytes.
 */
final class FileNames {

    private static final boolean FAITHFUL = faithful(System.getProperty("sun.jnu.encoding", ""));

    private FileNames() {}

    private static boolean faithful(String encoding) {
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        return windows
                || (Charset.isSupported(encoding) && Charset.forName(encoding).equals(StandardCharsets.UTF_8));
    }

    /**
     * The last name of a path.
     *
     * @throws PhpDeployException when its bytes are not UTF-8
     */
    static String name(Path path) {
        String shown = path.getFileName().toString();
        if (FAITHFUL && shown.indexOf('\uFFFD') < 0) {
            return shown;
        }
        String uri = path.toUri().getRawPath();
        String trimmed = uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
        return decode(trimmed.substring(trimmed.lastIndexOf('/') + 1), path);
    }

    /**
     * A whole relative path, such as the target of a symbolic link, with {@code /} between names.
     *
     * @throws PhpDeployException when its bytes are not UTF-8
     */
    static String relative(Path path) {
        String shown = path.toString();
        if (FAITHFUL && shown.indexOf('\uFFFD') < 0) {
            return shown.replace(path.getFileSystem().getSeparator(), "/");
        }
        StringBuilder names = new StringBuilder();
        for (Path part : path) {
            names.append(names.isEmpty() ? "" : "/").append(name(part));
        }
        return names.toString();
    }

    private static String decode(String escaped, Path path) {
        ByteBuffer bytes = ByteBuffer.allocate(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            if (escaped.charAt(i) == '%') {
                bytes.put((byte) Integer.parseInt(escaped.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.put((byte) escaped.charAt(i));
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new PhpDeployException(
                    "the file name " + escaped + " (escaped as in a URL) in " + path.getParent() + " is not UTF-8",
                    "rename it, or exclude it from the application with <excludes>",
                    e);
        }
    }
}
