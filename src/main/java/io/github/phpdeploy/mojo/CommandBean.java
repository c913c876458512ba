package io.github.phpdeploy.mojo;

/** {@code <command>}: any runtime that one command reloads. */
public class CommandBean {

    private String reload;

    String reload() {
        return reload;
    }
}
