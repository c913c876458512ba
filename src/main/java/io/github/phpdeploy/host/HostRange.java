package io.github.phpdeploy.host;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.phpdeploy.PhpDeployException;

/**
 * Many addresses written as one: {@code web[01:50].example.com} stands for {@code web01.example.com} to {@code
 * web50.example.com}, {@code db-[a:c]} for three, and {@code web[1:9:2]} for every other one. These are Ansible's host ranges
 * (its user guide, "How to build your inventory"). Several ranges in one address give every combination.
 */
public final class HostRange {

    /** What a slip of the finger may ask for, and nobody has. */
    private static final int MOST = 10_000;

    /** An IPv6 address has other characters, or more colons. */
    private static final Pattern RANGE = Pattern.compile(
            "\\[(?:(?<low>[0-9]{1,9}):(?<high>[0-9]{1,9})|(?<from>[a-z]):(?<to>[a-z]))(?::(?<step>[0-9]{1,9}))?]");

    private HostRange() {}

    /**
     * All addresses that one text stands for.
     *
     * @param text an address, with or without ranges
     * @return in order; the text itself where it has no range
     * @throws PhpDeployException when a range runs backwards, has no steps, or stands for more than 10,000 hosts
     */
    public static List<String> expand(String text) {
        List<String> done = new ArrayList<>();
        expand("", text, text, done);
        return done;
    }

    private static void expand(String before, String rest, String whole, List<String> done) {
        Matcher range = RANGE.matcher(rest);
        if (!range.find()) {
            if (done.size() == MOST) {
                throw wrong(whole, "stands for more than " + MOST + " hosts");
            }
            done.add(before + rest);
            return;
        }
        String head = before + rest.substring(0, range.start());
        String tail = rest.substring(range.end());
        int step = range.group("step") == null ? 1 : Integer.parseInt(range.group("step"));
        boolean letters = range.group("from") != null;
        int from = letters ? range.group("from").charAt(0) : Integer.parseInt(range.group("low"));
        int to = letters ? range.group("to").charAt(0) : Integer.parseInt(range.group("high"));
        if (step == 0 || from > to) {
            throw wrong(whole, "has the range " + range.group() + ", which holds nothing");
        }
        // a leading zero asks for numbers of one width
        int width = !letters && range.group("low").startsWith("0")
                ? range.group("low").length()
                : 1;
        for (int i = from; i <= to; i += step) {
            String item = letters ? String.valueOf((char) i) : Integer.toString(i);
            expand(head + "0".repeat(Math.max(0, width - item.length())) + item, tail, whole, done);
        }
    }

    private static PhpDeployException wrong(String whole, String what) {
        return new PhpDeployException(
                "\"" + Printable.line(whole) + "\" " + what, "write ranges as web[01:50].example.com or db-[a:c]");
    }
}
