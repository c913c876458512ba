package io.github.phpdeploy.runtime.fpm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

import io.github.phpdeploy.PhpDeployException;

/**
 * Whether a graceful reload would lose requests. FPM gives old workers {@code process_control_timeout} seconds to end what
 * they do, and then kills them; and it starts no new ones before the last has ended, so that whoever comes meanwhile waits in
 * the queue of the socket, or is turned away when that is full.
 *
 * @param risk why requests would be lost; empty when none would be
 * @param warnings what is not known, in one clause each
 */
record ReloadRisk(Optional<PhpDeployException> risk, List<String> warnings) {

    /** How long the rate of requests is looked at. */
    private static final long SAMPLE_MILLIS = 300;

    static ReloadRisk of(Pool pool, FpmConfig.Section section, FpmMaster.Seen master, FpmSettings settings) {
        String where = "php-fpm on " + pool.host().name();
        OptionalInt timeout = master.config().controlTimeout();
        if (timeout.isEmpty()) {
            return risk(
                    where + " does not say its process_control_timeout, so a reload might cut off requests",
                    "let the account run \"php-fpm -tt\" there (php.sudo), ");
        }
        if (timeout.getAsInt() == 0) {
            return risk(
                    where + " would cut off every request in flight, because its process_control_timeout is 0,"
                            + " as it is unless set",
                    "set \"process_control_timeout\" in php-fpm.conf to what the longest request takes, such as 30s, and"
                            + " reload it once at a quiet time (later reloads then make new requests wait that long"
                            + " at worst); ");
        }
        OptionalInt longest = settings.longestRequest().isPresent()
                ? OptionalInt.of(Math.toIntExact(settings.longestRequest().get().toSeconds()))
                : section.terminateTimeout();
        if (longest.isEmpty()) {
            return new ReloadRisk(
                    Optional.empty(),
                    List.of("requests that take longer than process_control_timeout, " + timeout.getAsInt()
                            + " s, would be cut off by a reload; say with php.fpm.longestRequest how long they may"
                            + " take, and it is checked"));
        }
        if (timeout.getAsInt() < longest.getAsInt()) {
            return risk(
                    where + " would cut off requests that take longer than its process_control_timeout, "
                            + timeout.getAsInt() + " s, and they may take " + longest.getAsInt() + " s",
                    "set \"process_control_timeout = " + longest.getAsInt()
                            + "s\" in php-fpm.conf and reload it once at a quiet time (later reloads then make new"
                            + " requests wait that long at worst); ");
        }
        return queue(where, pool, section, master, longest.getAsInt());
    }

    private static ReloadRisk risk(String what, String advice) {
        return new ReloadRisk(
                Optional.of(new PhpDeployException(
                        what,
                        advice + "better, have the web server pass resolved paths (nginx: $realpath_root), and nothing"
                                + " needs to be reloaded; -Dphp.allowDrops goes on all the same")),
                List.of());
    }

    /** Whether those who come while the last request ends find room in the queue. */
    private static ReloadRisk queue(
            String where, Pool pool, FpmConfig.Section section, FpmMaster.Seen master, int seconds) {
        int kernel = master.somaxconn().orElse(Integer.MAX_VALUE);
        int room = section.backlog() < 0 ? kernel : Math.min(kernel, section.backlog());
        OptionalLong rate = rate(pool, section);
        List<String> warnings = new ArrayList<>();
        if (rate.isEmpty()) {
            warnings.add("how many requests a reload would keep waiting is not known, and " + room + " have room; "
                    + section.statusPath()
                            .map(path -> "pm.status_path, " + path + ", does not answer")
                            .orElse("set pm.status_path, and it is checked"));
        }
        if (rate.isPresent() && rate.getAsLong() * seconds > room) {
            return risk(
                    where + " would turn requests away: a reload keeps them waiting for up to " + seconds + " s, "
                            + rate.getAsLong() + " come in a second, and " + room + " have room",
                    "raise \"listen.backlog\" of the pool " + section.name()
                            + " and the kernel's net.core.somaxconn to " + rate.getAsLong() * seconds
                            + " or more (memory only), and restart php-fpm; ");
        }
        return new ReloadRisk(Optional.empty(), warnings);
    }

    /** How many requests come in a second: just now, or on an average since FPM started, whichever is more. */
    private static OptionalLong rate(Pool pool, FpmConfig.Section section) {
        if (section.statusPath().isEmpty()) {
            return OptionalLong.empty();
        }
        StatusPage page = new StatusPage(pool, section.statusPath().get());
        try {
            long begin = System.nanoTime();
            StatusPage.Counts first = page.counts();
            TimeUnit.MILLISECONDS.sleep(SAMPLE_MILLIS);
            // the page was asked by us once between the two counts
            long more = page.counts().accepted() - first.accepted() - 1;
            long now = Math.round(more / ((System.nanoTime() - begin) / 1e9));
            return OptionalLong.of(Math.max(now, first.accepted() / Math.max(1, first.seconds())));
        } catch (IOException e) {
            return OptionalLong.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalLong.empty();
        }
    }
}
