package io.github.phpdeploy.host;

import java.util.Arrays;

/**
 * A password or passphrase. Prints as {@code ***} wherever it is logged, concatenated or put into a record.
 */
public final class Secret {

    private final char[] value;

    /**
     * A secret.
     *
     * @param value its characters
     */
    public Secret(String value) {
        this.value = value.toCharArray();
    }

    /**
     * The secret itself, for the one who needs it.
     *
     * @return a copy, which the caller may blank out
     */
    public char[] reveal() {
        return value.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && Arrays.equals(value, secret.value);
    }

    @Override
    public int hashCode() {
        return 0;
    }

    @Override
    public String toString() {
        return "***";
    }
}
