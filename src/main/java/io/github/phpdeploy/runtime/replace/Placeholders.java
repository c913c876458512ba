package io.github.phpdeploy.runtime.replace;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands for the address and the release in URLs and files: {@code ${port}}, {@code ${socket}}, {@code ${color}}, {@code
 * ${release}} and {@code ${releasePath}}; in commands the shell itself knows them as variables. {@code ${server}} is the address
 * as nginx writes it: {@code 127.0.0.1:8001}, or {@code unix:/run/shop.sock}.
 */
public final class Placeholders {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Za-z]+)}");

    private Placeholders() {}

    /**
     * Fills them in. What is none of them stays as it is.
     *
     * @param text with placeholders
     * @param seat the address
     * @param release the release
     * @param releasePath its directory
     * @return the text without them
     */
    public static String fill(String text, Seat seat, String release, String releasePath) {
        Map<String, String> values = Map.of(
                "port",
                seat.port(),
                "socket",
                seat.address(),
                "server",
                seat.server(),
                "color",
                seat.color(),
                "release",
                release,
                "releasePath",
                releasePath);
        return PLACEHOLDER
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(values.getOrDefault(found.group(1), found.group())));
    }
}
