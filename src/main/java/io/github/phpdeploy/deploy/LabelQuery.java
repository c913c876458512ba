package io.github.phpdeploy.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Printable;

/**
 * Which hosts: {@code role=web & stage!=dr}. A test is {@code name=value}, {@code name!=value} (also true where there is no such
 * label) or {@code name} (there is such a label); {@code !} negates, {@code &} binds closer than {@code |}, parentheses group.
 */
public final class LabelQuery implements Predicate<Labels> {

    private static final Pattern TOKEN =
            Pattern.compile("\\s*(?<mark>&&?|\\|\\|?|!(?!=)|[()])|\\s*(?<name>[A-Za-z0-9_.-]+)"
                    + "(?:\\s*(?<sign>!?=)\\s*(?<value>[A-Za-z0-9_./:-]*))?");

    private final String text;
    private final List<Matcher> tokens = new ArrayList<>();
    private final Predicate<Labels> test;
    private int next;

    private LabelQuery(String text) {
        this.text = text;
        String rest = text.strip();
        Matcher token = TOKEN.matcher(rest);
        int end = 0;
        while (end < rest.length()) {
            if (!token.find(end) || token.start() != end) {
                throw wrong("is not understood from \"" + Printable.line(rest.substring(end)) + "\" on");
            }
            end = token.end();
            Matcher found = TOKEN.matcher(rest);
            found.find(token.start());
            tokens.add(found);
        }
        this.test = either();
        if (next < tokens.size()) {
            throw wrong(
                    "goes on after its end, at \"" + tokens.get(next).group().strip() + "\"");
        }
    }

    /**
     * Reads a query.
     *
     * @param text what a user wrote
     * @return what to choose hosts by
     * @throws PhpDeployException when it makes no sense
     */
    public static LabelQuery parse(String text) {
        return new LabelQuery(text);
    }

    @Override
    public boolean test(Labels labels) {
        return test.test(labels);
    }

    /** As the user wrote it. */
    @Override
    public String toString() {
        return text;
    }

    private Predicate<Labels> either() {
        Predicate<Labels> left = both();
        return takes("|") ? left.or(either()) : left;
    }

    private Predicate<Labels> both() {
        Predicate<Labels> left = one();
        return takes("&") ? left.and(both()) : left;
    }

    private Predicate<Labels> one() {
        if (takes("!")) {
            return one().negate();
        }
        if (takes("(")) {
            Predicate<Labels> inner = either();
            if (!takes(")")) {
                throw wrong("lacks a closing parenthesis");
            }
            return inner;
        }
        if (next == tokens.size() || tokens.get(next).group("name") == null) {
            throw wrong("lacks a label"
                    + (next == tokens.size()
                            ? " at its end"
                            : " before \"" + tokens.get(next).group().strip() + "\""));
        }
        Matcher label = tokens.get(next++);
        String name = label.group("name");
        String value = label.group("value");
        if (value == null) {
            return labels -> labels.values().containsKey(name);
        }
        Predicate<Labels> equal = labels -> value.equals(labels.values().get(name));
        return label.group("sign").equals("=") ? equal : equal.negate();
    }

    private boolean takes(String mark) {
        String found = next == tokens.size() ? null : tokens.get(next).group("mark");
        if (found == null || !found.startsWith(mark)) {
            return false;
        }
        next++;
        return true;
    }

    private PhpDeployException wrong(String what) {
        return new PhpDeployException(
                "php.on, \"" + Printable.line(text) + "\", " + what,
                "write it like role=web & stage!=dr, with & | ! and parentheses");
    }
}
