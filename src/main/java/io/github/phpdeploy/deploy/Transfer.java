package io.github.phpdeploy.deploy;

import java.util.Locale;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Printable;

/** How what is new gets to a host. */
public enum Transfer {
    /** By a stream where the host can unpack one, else by SFTP. */
    AUTO,
    /** By a stream, or not at all. */
    STREAM,
    /** By SFTP; nothing is run on the host. */
    SFTP;

    /**
     * Reads what a user wrote.
     *
     * @param text one of the words, in any case
     * @return what it means
     * @throws PhpDeployException when it means nothing
     */
    public static Transfer of(String text) {
        for (Transfer each : values()) {
            if (each.word().equals(text.strip().toLowerCase(Locale.ROOT))) {
                return each;
            }
        }
        throw new PhpDeployException(
                "php.transfer is \"" + Printable.line(text) + "\"", "set it to auto, stream or sftp");
    }

    /**
     * What users write for it.
     *
     * @return lower case
     */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
