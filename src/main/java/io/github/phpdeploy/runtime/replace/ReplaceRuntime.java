package io.github.phpdeploy.runtime.replace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.runtime.Finding;
import io.github.phpdeploy.runtime.Intent;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Runtime;

/** Any server whose master is replaced by another, behind a proxy. */
public final class ReplaceRuntime implements Runtime {

    /** What users write for it. */
    public static final String NAME = "replace";

    private final String name;
    private final ReplaceSettings settings;
    private final ServerKind kind;

    /**
     * A runtime.
     *
     * @param name what users write to choose it
     * @param settings how a master is replaced
     * @param kind what is special about its masters
     */
    public ReplaceRuntime(String name, ReplaceSettings settings, ServerKind kind) {
        this.name = name;
        this.settings = settings;
        this.kind = kind;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isExclusive() {
        return true;
    }

    @Override
    public Service inspect(Place place, Intent intent) {
        Masters masters = new Masters(place, settings);
        Standing standing = masters.look();
        if (!standing.closed().isEmpty()) {
            throw closed(place, standing);
        }
        Optional<Seat> live = standing.live(settings);
        Seat next = next(place, standing, live);
        Proxy proxy = new Proxy(place, settings);
        Proxy.Seen seen = proxy.check();
        boolean serves = live.isPresent() && standing.isUp(live.get());
        if (seen.isUnread() && serves && standing.upstream().isPresent()) {
            throw unread(place);
        }
        return new ReplaceService(
                place, settings, kind, masters, proxy, standing, live, next, warnings(place, standing, live));
    }

    /** Where the new master can be: beside the one that serves; at any that is free where none does. */
    private Seat next(Place place, Standing standing, Optional<Seat> live) {
        List<Seat> seats = live.map(serving -> List.of(settings.other(serving))).orElse(settings.seats());
        return seats.stream()
                .filter(seat -> !standing.isUp(seat))
                .findFirst()
                .or(() -> seats.stream().filter(standing::isOurs).findFirst())
                .orElseThrow(() -> taken(place, standing, seats));
    }

    private static PhpDeployException taken(Place place, Standing standing, List<Seat> seats) {
        List<String> who = seats.stream()
                .map(seat -> standing.who(seat) + " listens at " + seat)
                .toList();
        return new PhpDeployException(
                "there is no room for a new master on " + place.host().name() + ": " + String.join(", and ", who)
                        + ", which no deploy of this site has started",
                "stop it, or name other addresses in php.replace.ports or php.replace.sockets"
                        + (seats.size() > 1
                                ? "; if one of them serves this site, let the proxy's file name it alone"
                                : ""));
    }

    private PhpDeployException closed(Place place, Standing standing) {
        return new PhpDeployException(
                "the proxy's file " + settings.upstream().file(place.deployPath()) + " on "
                        + place.host().name() + " cannot be replaced: " + standing.closed()
                        + " is missing, or may not be written",
                "let the account that deploys write that directory, or name another file with"
                        + " php.replace.upstreamFile");
    }

    private PhpDeployException unread(Place place) {
        String file = settings.upstream().file(place.deployPath());
        return new PhpDeployException(
                "nginx on " + place.host().name() + " does not include " + file
                        + ", so writing it would switch nothing, and visitors would lose the old master",
                "write \"include " + file + ";\" where nginx proxies this site, and reload it");
    }

    private List<String> warnings(Place place, Standing standing, Optional<Seat> live) {
        List<String> warnings = new ArrayList<>();
        if (!kind.asksThroughProxy() && place.visitor().isEmpty()) {
            warnings.add(
                    "nothing is asked through the proxy, so one that does not lead to the new master would be seen only"
                            + " when the old one has stopped: give a health check that shows the release (php.healthUrl with"
                            + " php.healthHeader or php.healthBody and @release@)");
        }
        if (live.isPresent() && !standing.isUp(live.get())) {
            warnings.add("the master " + live.get() + ", to which the proxy leads, is not up");
        }
        if (live.filter(seat -> standing.isOutOfSight(seat, settings)).isPresent()) {
            warnings.add("which process listens at " + live.get() + " cannot be seen, so it could not be stopped: set"
                    + " php.replace.stop or php.replace.pidFile");
        }
        live.map(seat -> standing.book().seats().get(seat.color()))
                .filter(runs -> !standing.current().isEmpty() && !runs.equals(standing.current()))
                .ifPresent(runs -> warnings.add("the master that serves runs release " + runs + ", and current is "
                        + standing.current() + ": a deploy was cut off"));
        return warnings;
    }

    @Override
    public List<Finding> diagnose(Place place) {
        try {
            List<Finding> findings =
                    new ArrayList<>(ReplaceDoctor.findings(place, settings, new Masters(place, settings).look()));
            findings.addAll(kind.diagnose(place));
            return findings;
        } catch (PhpDeployException e) {
            return List.of(new Finding(true, e.what(), "deploys fail", e.advice()));
        }
    }
}
