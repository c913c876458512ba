package io.github.phpdeploy.release;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a deploy path held when it was looked at.
 *
 * @param link what {@code current} points to, as it stands in the link; empty where there is none
 * @param occupied whether something that is no link stands at {@code current}
 * @param releases the directories under {@code releases/}, oldest first
 * @param leftUploads uploads that were never finished
 * @param time the host's clock
 * @param freeKibibytes free space where the releases are, in KiB, where the host says it
 * @param freeInodes free inodes there, where the host says it
 * @param tools programs that were looked for and are there
 */
public record SiteState(
        Optional<String> link,
        boolean occupied,
        List<Release> releases,
        List<String> leftUploads,
        Instant time,
        OptionalLong freeKibibytes,
        OptionalLong freeInodes,
        Set<String> tools) {

    private static final String PREFIX = "releases/";

    /** The state with immutable collections. */
    public SiteState {
        releases = List.copyOf(releases);
        leftUploads = List.copyOf(leftUploads);
        tools = Set.copyOf(tools);
    }

    /**
     * The release that {@code current} points to.
     *
     * @return the release; empty where there is no link or it leads elsewhere
     */
    public Optional<Release> current() {
        return link.filter(target -> target.startsWith(PREFIX))
                .map(target -> target.substring(PREFIX.length()))
                .flatMap(this::find);
    }

    /**
     * A release by its name.
     *
     * @param id its name
     * @return the release, where it is there
     */
    public Optional<Release> find(String id) {
        return releases.stream().filter(release -> release.id().equals(id)).findFirst();
    }

    /**
     * Good releases that may be rolled back to, newest first.
     *
     * @return the good ones that are older than the current one; all good ones where there is no current
     */
    public List<Release> rollbackTargets() {
        Optional<Release> current = current();
        return releases.stream()
                .filter(release -> release.is(ReleaseState.GOOD))
                .filter(release -> current.isEmpty() || Release.BY_TIME.compare(release, current.get()) < 0)
                .sorted(Release.BY_TIME.reversed())
                .toList();
    }

    /** Reads what {@code inspect.sh} says; lines that make no sense are passed over. */
    static SiteState parse(List<String> lines) {
        Optional<String> link = Optional.empty();
        boolean occupied = false;
        Set<String> directories = new TreeSet<>();
        Map<String, ReleaseRecord> records = new HashMap<>();
        List<String> staging = new ArrayList<>();
        Instant time = Instant.now();
        OptionalLong free = OptionalLong.empty();
        OptionalLong inodes = OptionalLong.empty();
        Set<String> tools = new TreeSet<>();
        for (String line : lines) {
            int blank = line.indexOf(' ');
            String value = line.substring(blank + 1);
            switch (line.substring(0, Math.max(0, blank))) {
                case "current" -> {
                    link = value.startsWith("link ") ? Optional.of(value.substring(5)) : Optional.empty();
                    occupied = value.equals("other");
                }
                case "release" -> directories.add(value);
                case "record" -> ReleaseRecord.parse(value).ifPresent(record -> records.put(record.id(), record));
                case "staging" -> staging.add(value);
                case "time" ->
                    time = number(value).isPresent()
                            ? Instant.ofEpochSecond(number(value).getAsLong())
                            : time;
                case "free" -> free = number(value);
                case "inodes" -> inodes = number(value);
                case "tool" -> tools.add(value);
                default -> {}
            }
        }
        List<Release> releases = directories.stream()
                .map(id -> new Release(id, Optional.ofNullable(records.get(id))))
                .sorted(Release.BY_TIME)
                .toList();
        return new SiteState(link, occupied, releases, staging, time, free, inodes, tools);
    }

    private static OptionalLong number(String text) {
        return text.matches("[0-9]{1,15}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /**
     * The newest release.
     *
     * @return by the time of its deploy; empty where there is none
     */
    public Optional<Release> newest() {
        return releases.stream().max(Comparator.comparing(Release::created).thenComparing(Release::id));
    }
}
