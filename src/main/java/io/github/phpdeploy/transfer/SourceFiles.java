package io.github.phpdeploy.transfer;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens files of the application. */
final class SourceFiles {

    private SourceFiles() {}

    /**
     * Opens a file. In a cold JVM java.io costs half of what java.nio does, but it cannot open names beyond ASCII where there
     * is no locale.
     */
    static InputStream open(Path source) throws IOException {
        String name = source.toString();
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) > '~') {
                return Files.newInputStream(source);
            }
        }
        try {
            return new FileInputStream(name);
        } catch (FileNotFoundException e) {
            // it tells neither why nor whether the file is there; this one does
            return Files.newInputStream(source);
        }
    }
}
