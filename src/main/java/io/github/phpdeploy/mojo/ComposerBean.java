package io.github.phpdeploy.mojo;

import java.util.ArrayList;
import java.util.List;

import io.github.phpdeploy.archive.Composer;

/** {@code <composer>}: packages are installed before the application is read. */
public class ComposerBean {

    private String executable = "composer";
    private List<String> options = new ArrayList<>();

    /**
     * Takes an element without children.
     *
     * @param text nothing, or the program
     */
    public void set(String text) {
        if (!text.isBlank() && !text.strip().equals("true")) {
            executable = text.strip();
        }
    }

    Composer toComposer() {
        return new Composer(executable, List.copyOf(options));
    }
}
