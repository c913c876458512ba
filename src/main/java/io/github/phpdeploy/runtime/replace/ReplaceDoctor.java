package io.github.phpdeploy.runtime.replace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.runtime.Finding;
import io.github.phpdeploy.runtime.Place;

/** What is wrong with two masters and the proxy in front of them. */
final class ReplaceDoctor {

    private final Place place;
    private final ReplaceSettings settings;
    private final Standing standing;
    private final List<Finding> findings = new ArrayList<>();

    private ReplaceDoctor(Place place, ReplaceSettings settings, Standing standing) {
        this.place = place;
        this.settings = settings;
        this.standing = standing;
    }

    static List<Finding> findings(Place place, ReplaceSettings settings, Standing standing) {
        ReplaceDoctor doctor = new ReplaceDoctor(place, settings, standing);
        Optional<Seat> live = standing.live(settings);
        doctor.proxy(live);
        doctor.masters(live);
        return List.copyOf(doctor.findings);
    }

    private void add(boolean harmful, String what, String cost, String fix) {
        findings.add(new Finding(harmful, what, cost, fix));
    }

    private void proxy(Optional<Seat> live) {
        String file = settings.upstream().file(place.deployPath());
        if (!standing.closed().isEmpty()) {
            add(
                    true,
                    "the proxy's file " + file + " cannot be replaced, because " + standing.closed()
                            + " is missing or may not be written",
                    "deploys fail before anything is switched",
                    "let the account that deploys write it");
        }
        try {
            boolean unread = new Proxy(place, settings).check().isUnread();
            if (unread && standing.upstream().isPresent()) {
                add(
                        true,
                        "nginx does not include " + file,
                        "a deploy would switch nothing",
                        "write \"include " + file + ";\" where nginx proxies this site, and reload it");
            }
        } catch (PhpDeployException e) {
            add(true, e.what(), "deploys fail before anything is switched", e.advice());
        }
        long named = settings.seats().stream()
                .filter(seat -> standing.upstream().filter(seat::isNamedIn).isPresent())
                .count();
        if (standing.upstream().isPresent() && named != 1) {
            add(
                    live.isEmpty(),
                    file + " names neither of " + settings.seats().get(0) + " and "
                            + settings.seats().get(1) + ", or both",
                    "which master serves is known only by what the last deploy wrote down",
                    "let it name one of them alone");
        }
    }

    private void masters(Optional<Seat> live) {
        if (live.isEmpty()) {
            return;
        }
        Seat serving = live.get();
        Seat other = settings.other(serving);
        if (!standing.isUp(serving)) {
            add(
                    true,
                    "nobody listens at " + serving + ", to which the proxy leads",
                    "every request fails",
                    "start the master there, or deploy");
        }
        if (standing.isOutOfSight(serving, settings)) {
            add(
                    true,
                    "which process listens at " + serving + " cannot be seen by this account",
                    "the old master is not stopped, and the next deploy is refused",
                    "say how it is stopped with php.replace.stop, or where it writes its process id with"
                            + " php.replace.pidFile");
        }
        String runs = standing.book().seats().getOrDefault(serving.color(), "");
        if (!runs.isEmpty() && !standing.current().isEmpty() && !runs.equals(standing.current())) {
            add(
                    true,
                    "the master that serves was started for release " + runs + ", and current is " + standing.current(),
                    "old code is served",
                    "run php:reload or deploy again");
        }
        if (standing.isUp(other) && !standing.isOurs(other)) {
            add(
                    true,
                    standing.who(other) + " listens at " + other + ", which no deploy of this site has started",
                    "deploys fail before anything is switched",
                    "stop it, or name another address in php.replace.ports or php.replace.sockets");
        } else if (standing.isUp(other)) {
            add(
                    false,
                    "the master " + other + " of release "
                            + standing.book().seats().get(other.color()) + " is still up",
                    "it takes memory until the next deploy stops it",
                    "deploy, or stop it by hand");
        }
    }
}
