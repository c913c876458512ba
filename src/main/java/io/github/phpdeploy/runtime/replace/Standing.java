package io.github.phpdeploy.runtime.replace;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.phpdeploy.host.Printable;

/**
 * How things stand on a host: what the last deploy left in writing, what the proxy's file names, and who is up.
 *
 * @param current the release that {@code current} leads to; empty for none
 * @param book what the last deploy left in writing
 * @param upstream what the proxy's file holds; empty where there is none
 * @param closed the directory in which that file cannot be written; empty where it can
 * @param up who listens where, by color: process id and name, as far as they can be seen
 */
record Standing(String current, Book book, Optional<String> upstream, String closed, Map<String, String> up) {

    /**
     * What a deploy leaves in writing.
     *
     * @param live the color that serves; empty where that is not known
     * @param going the color to which the proxy was being switched; empty when it is not
     * @param seats which release each color was started for that was not stopped
     */
    record Book(String live, String going, Map<String, String> seats) {

        Book {
            seats = Map.copyOf(seats);
        }

        Book with(String color, String release) {
            Map<String, String> more = new LinkedHashMap<>(seats);
            more.put(color, release);
            return new Book(live, going, more);
        }

        Book without(String color) {
            Map<String, String> fewer = new LinkedHashMap<>(seats);
            fewer.remove(color);
            return new Book(live, going, fewer);
        }

        Book switching(String to) {
            return new Book(live, to, seats);
        }

        Book live(String now) {
            return new Book(now, "", seats);
        }

        String text() {
            StringBuilder text = new StringBuilder("live ").append(live);
            if (!going.isEmpty()) {
                text.append("\ngoing ").append(going);
            }
            seats.forEach((color, release) ->
                    text.append("\nseat ").append(color).append(' ').append(release));
            return text.toString();
        }
    }

    Standing {
        up = Map.copyOf(up);
    }

    static Standing parse(List<String> lines) {
        String current = "";
        String live = "";
        String going = "";
        String closed = "";
        Map<String, String> seats = new LinkedHashMap<>();
        Map<String, String> up = new LinkedHashMap<>();
        List<String> upstream = null;
        for (String line : lines) {
            int blank = line.indexOf(' ');
            String value = line.substring(blank + 1);
            switch (line.substring(0, Math.max(0, blank))) {
                case "current" -> current = value.startsWith("releases/") ? value.substring(9) : "";
                case "state" -> {
                    String[] words = value.split(" ");
                    live = words[0].equals("live") && words.length > 1 ? words[1] : live;
                    going = words[0].equals("going") && words.length > 1 ? words[1] : going;
                    if (words[0].equals("seat") && words.length > 2 && words[2].matches("[A-Za-z0-9._-]+")) {
                        seats.put(words[1], words[2]);
                    }
                }
                case "upstream" -> {
                    upstream = upstream == null ? new ArrayList<>() : upstream;
                    upstream.add(value);
                }
                case "closed" -> closed = Printable.line(value);
                case "up" -> {
                    int next = value.indexOf(' ');
                    if (next > 0) {
                        up.put(value.substring(0, next), Printable.line(value.substring(next + 1)));
                    }
                }
                default -> {}
            }
        }
        Optional<String> file = Optional.ofNullable(upstream).map(all -> String.join("\n", all));
        return new Standing(current, new Book(live, going, seats), file, closed, up);
    }

    boolean isUp(Seat seat) {
        return up.containsKey(seat.color());
    }

    /** Whether a deploy of this site started what listens there. */
    boolean isOurs(Seat seat) {
        return book.seats().containsKey(seat.color());
    }

    /** Whether somebody listens there whom we would not know how to stop. */
    boolean isOutOfSight(Seat seat, ReplaceSettings settings) {
        return up.getOrDefault(seat.color(), "").startsWith("?")
                && settings.stop().isEmpty()
                && settings.pidFile().isEmpty();
    }

    /** Who listens there, for humans. */
    String who(Seat seat) {
        String known = up.getOrDefault(seat.color(), "");
        return known.isEmpty() || known.startsWith("?") ? "somebody" : "process " + known;
    }

    /**
     * The seat that the proxy leads to. Its file is what counts, where it has one that names one seat; what is in writing
     * is, where it has none.
     */
    Optional<Seat> live(ReplaceSettings settings) {
        if (upstream.isPresent()) {
            List<Seat> named = settings.seats().stream()
                    .filter(seat -> seat.isNamedIn(upstream.get()))
                    .toList();
            if (named.size() == 1) {
                Seat written = named.get(0);
                Seat other = settings.other(written);
                // cut off between the file and the reload, and what it names is gone since
                boolean stayed = !isUp(written) && isUp(other) && book.live().equals(other.color());
                return Optional.of(stayed ? other : written);
            }
        }
        if (!book.going().isEmpty()) {
            // cut off while the proxy was being switched by a command: whoever serves what is current is meant to
            Optional<Seat> meant = settings.seats().stream()
                    .filter(this::isUp)
                    .filter(seat -> current.equals(book.seats().get(seat.color())))
                    .findFirst();
            if (meant.isPresent()) {
                return meant;
            }
        }
        return book.live().isEmpty() ? Optional.empty() : Optional.of(settings.seat(book.live()));
    }

    /** Whether the proxy may not lead where its file says, because a deploy was cut off while it was being switched. */
    boolean isUnsettled(Optional<Seat> live) {
        return live.isPresent()
                && (!book.going().isEmpty() || !live.get().color().equals(book.live()))
                && !book.seats().isEmpty();
    }
}
