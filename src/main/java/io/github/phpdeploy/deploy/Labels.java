package io.github.phpdeploy.deploy;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Printable;

/**
 * What a user says of a host, to choose by.
 *
 * @param values the labels' values by their names; a label without a value has an empty one
 */
public record Labels(Map<String, String> values) {

    /** No labels. */
    public static final Labels NONE = new Labels(Map.of());

    private static final Pattern LABEL = Pattern.compile("(?<name>[A-Za-z0-9_.-]+)(?:=(?<value>[A-Za-z0-9_./:-]*))?");

    /** Immutable, in the order of names. */
    public Labels {
        values = Collections.unmodifiableMap(new TreeMap<>(values));
    }

    /**
     * Reads labels.
     *
     * @param text {@code role=web, stage=prod, canary}; separated by commas or blanks
     * @return the labels
     * @throws PhpDeployException when it is nothing of that kind, or names a label twice
     */
    public static Labels parse(String text) {
        Map<String, String> values = new TreeMap<>();
        for (String word : text.strip().split("[\\s,]+")) {
            if (word.isEmpty()) {
                continue;
            }
            Matcher label = LABEL.matcher(word);
            if (!label.matches()) {
                throw new PhpDeployException(
                        "\"" + Printable.line(word) + "\" is no label", "write labels as role=web, stage=prod");
            }
            String value = label.group("value") == null ? "" : label.group("value");
            String other = values.put(label.group("name"), value);
            if (other != null) {
                throw new PhpDeployException(
                        "the label " + label.group("name") + " is given twice in \"" + Printable.line(text) + "\"",
                        "give it one value");
            }
        }
        return new Labels(values);
    }

    /** As users write them. */
    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(label -> label.getKey() + (label.getValue().isEmpty() ? "" : "=" + label.getValue()))
                .collect(Collectors.joining(", "));
    }
}
