package io.github.phpdeploy.mojo;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.github.phpdeploy.deploy.Shared;

/** {@code <shared>}: what survives releases. */
public class SharedBean {

    private List<String> dirs = new ArrayList<>();
    private List<SharedFile> files = new ArrayList<>();

    /** A {@code <file>} of {@code <files>}: a path, or an element with path and template. */
    public static class SharedFile {

        private String path;
        private String template;

        /**
         * Takes a file that is written as text.
         *
         * @param path where it lies in the application
         */
        public void set(String path) {
            this.path = path;
        }
    }

    /**
     * As a record.
     *
     * @param sourceDirectory what templates are relative to
     */
    Shared toShared(File sourceDirectory) {
        List<Shared.File> shared = new ArrayList<>();
        for (SharedFile file : files) {
            Optional<Path> template = Optional.ofNullable(file.template)
                    .map(path -> sourceDirectory.toPath().resolve(path));
            shared.add(new Shared.File(file.path == null ? "" : file.path, template));
        }
        return new Shared(dirs, shared);
    }
}
