package io.github.phpdeploy.transfer;

/** What a path in a tree can be. */
public enum Kind {
    /** A regular file. */
    FILE('f'),
    /** A directory. */
    DIRECTORY('d'),
    /** A symbolic link. */
    LINK('l');

    private final char letter;

    Kind(char letter) {
        this.letter = letter;
    }

    /** The letter that stands for it in a manifest. */
    char letter() {
        return letter;
    }
}
