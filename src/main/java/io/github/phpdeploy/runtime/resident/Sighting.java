package io.github.phpdeploy.runtime.resident;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.probe.HttpReply;

/**
 * What one answer shows of the code behind it. The header field reads {@code RELEASE [RELEASE …] [; NAME=VALUE …]}: all
 * releases whose code the worker has, and what it knows of itself: {@code pid}, {@code workers} (how many answer),
 * {@code mode}, {@code max_wait_time} (seconds), {@code enable_cli}, {@code drains}.
 *
 * @param releases the releases that it names; empty where it names none
 * @param details what it knows of itself
 * @param status the answer's status code
 */
public record Sighting(Set<String> releases, Map<String, String> details, int status) {

    private static final Pattern GROUP = Pattern.compile("\\(\\?<release>");

    /** Immutable. */
    public Sighting {
        releases = Set.copyOf(releases);
        details = Map.copyOf(details);
    }

    static Sighting of(HttpReply reply, ResidentSettings.Showing showing) {
        Set<String> releases = new TreeSet<>();
        Map<String, String> details = new LinkedHashMap<>();
        String field = reply.headers().getOrDefault(showing.header(), "");
        List<String> parts = Arrays.stream(field.split(";")).map(String::strip).toList();
        parts.stream().skip(1).forEach(part -> {
            int equals = part.indexOf('=');
            if (equals > 0) {
                details.put(
                        part.substring(0, equals).strip(),
                        part.substring(equals + 1).strip());
            }
        });
        if (showing.body().isEmpty()) {
            Arrays.stream(parts.get(0).split("[ ,]+"))
                    .filter(name -> !name.isEmpty())
                    .forEach(releases::add);
        } else {
            Pattern pattern = showing.body().get();
            boolean named = GROUP.matcher(pattern.pattern()).find();
            for (Matcher found = pattern.matcher(reply.body()); found.find(); ) {
                String release = named ? found.group("release") : found.group(1);
                if (release != null) {
                    releases.add(Printable.line(release));
                }
            }
        }
        return new Sighting(releases, details, reply.status());
    }

    /**
     * Whether the code behind it is of a release, and of no other.
     *
     * @param release which
     * @return true if so
     */
    public boolean shows(String release) {
        return releases.equals(Set.of(release));
    }

    /**
     * Something that it knows of itself.
     *
     * @param name such as {@code pid}
     * @return in lower case; empty where it does not say
     */
    public Optional<String> detail(String name) {
        return Optional.ofNullable(details.get(name)).map(Printable::line).map(text -> text.toLowerCase(Locale.ROOT));
    }

    OptionalLong number(String name) {
        String text = detail(name).orElse("");
        return text.matches("[0-9]{1,9}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }
}
