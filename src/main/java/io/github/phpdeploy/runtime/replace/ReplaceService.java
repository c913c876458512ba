package io.github.phpdeploy.runtime.replace;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.runtime.Generation;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Runtime;

/**
 * Two masters as they were found on one host, on the way from the one to the other. The old one is up until all is proved, so
 * that going back is a switch of the proxy. Used by one thread at a time.
 */
final class ReplaceService implements Runtime.Service {

    private final Place place;
    private final ReplaceSettings settings;
    private final ServerKind kind;
    private final Masters masters;
    private final Proxy proxy;
    private final Standing standing;
    private final Optional<Seat> live;
    private final Seat next;
    private final List<String> warnings;
    private final Map<String, String> facts = new LinkedHashMap<>();
    private Standing.Book book;
    private ServerKind.Candidate candidate;
    private String release = "";
    private boolean started;
    private boolean late;
    private boolean switched;
    private Optional<Proxy.Switching> switching = Optional.empty();

    ReplaceService(
            Place place,
            ReplaceSettings settings,
            ServerKind kind,
            Masters masters,
            Proxy proxy,
            Standing standing,
            Optional<Seat> live,
            Seat next,
            List<String> warnings) {
        this.place = place;
        this.settings = settings;
        this.kind = kind;
        this.masters = masters;
        this.proxy = proxy;
        this.standing = standing;
        this.live = live;
        this.next = next;
        this.warnings = List.copyOf(warnings);
        this.book = standing.book();
        facts.put("way", way());
    }

    @Override
    public String way() {
        return "start a new master at " + next + ", switch the proxy to it with "
                + settings.upstream().how()
                + live.filter(standing::isUp)
                        .map(old -> ", drain the one at " + old + " and stop it")
                        .orElse("");
    }

    @Override
    public List<String> warnings() {
        return warnings;
    }

    @Override
    public Map<String, String> facts() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    @Override
    public Optional<String> preview(String toServe) {
        release = toServe;
        tidyRemains();
        candidate = kind.candidate(place, next, release);
        book = book.with(next.color(), release);
        started = true;
        String master;
        try {
            master = masters.start(next, release, candidate, book);
        } catch (Masters.Late e) {
            late = true;
            throw e;
        }
        String seen = candidate.tried();
        facts.put("newMaster", next + (master.isEmpty() ? "" : ", process " + master));
        return Optional.of("the new master at " + next + (master.isEmpty() ? "" : ", process " + master) + ": " + seen);
    }

    /** What a deploy left that was cut off: first the proxy leads where it is to, then the other master goes. */
    private void tidyRemains() {
        if (standing.isUnsettled(live) && standing.isUp(live.get())) {
            Seat serving = live.get();
            String runs = book.seats().getOrDefault(serving.color(), standing.current());
            String content = standing.upstream().filter(serving::isNamedIn).orElse(content(serving, runs));
            proxy.settle(proxy.to(serving, runs, content, book.switching(serving.color())), book.live(serving.color()));
            book = book.live(serving.color());
        }
        if (standing.isUp(next)) {
            String runs = book.seats().get(next.color());
            Masters.Left left = masters.drain(next, proxy.check().retiring());
            book = book.without(next.color());
            masters.stop(next, runs, book);
            facts.put(
                    "remains",
                    "the master at " + next + " of release " + runs + " was left by a deploy that was cut off"
                            + words(left));
        }
    }

    private String content(Seat seat, String toServe) {
        return Placeholders.fill(
                settings.upstream().content().orElse(kind.upstream()), seat, toServe, place.release(toServe));
    }

    @Override
    public Generation reload() {
        if (candidate == null) {
            if (standing.current().isEmpty()) {
                throw new PhpDeployException(
                        "there is no current release on " + place.host().name(), "deploy one with php:deploy");
            }
            preview(standing.current());
        }
        Proxy.Switching begun;
        try {
            switched = true;
            begun = proxy.to(next, release, content(next, release), book.switching(next.color()));
        } catch (Proxy.Refused e) {
            switched = false;
            throw e;
        }
        switching = Optional.of(begun);
        return new Generation(begun.workers(), "the proxy was switched to " + next);
    }

    @Override
    public String await(Generation old) {
        switching.ifPresent(begun -> proxy.settle(begun, book.live(next.color())));
        book = book.live(next.color());
        facts.put("proxyWorkersBefore", String.join(" ", old.workers()));
        return "the proxy leads to the new master at " + next
                + (old.workers().isEmpty()
                        ? ""
                        : ", and its " + old.workers().size() + " old worker"
                                + (old.workers().size() == 1 ? " takes" : "s take") + " no more connections");
    }

    @Override
    public Optional<String> prove(String toServe) {
        String proof = candidate.proved();
        facts.put("proof", proof);
        return Optional.of(proof);
    }

    @Override
    public Optional<String> tidy(String serves) {
        if (live.filter(standing::isUp).isEmpty()) {
            return Optional.empty();
        }
        Seat old = live.get();
        String runs = book.seats().getOrDefault(old.color(), serves);
        long begin = System.nanoTime();
        Masters.Left left = masters.drain(old, retiring());
        facts.put("drainMillis", Long.toString(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)));
        facts.put("drainLeft", Integer.toString(left.open()));
        book = book.without(old.color());
        masters.stop(old, runs, book);
        facts.put("oldMaster", old + " of release " + runs + " was stopped");
        return left.isNothing()
                ? Optional.empty()
                : Optional.of("the old master at " + old + " was stopped" + words(left));
    }

    private List<String> retiring() {
        return switching.map(Proxy.Switching::workers).orElse(List.of());
    }

    private String words(Masters.Left left) {
        return left.isNothing()
                ? ""
                : ", although after " + settings.limits().drain().toSeconds() + " s connections were still open ("
                        + left.open() + " to it, " + left.workers()
                        + " old workers of the proxy); raise php.drainTimeout where those must not be cut off";
    }

    @Override
    public String restore() {
        if (!switched) {
            return "the proxy was not switched";
        }
        if (live.isEmpty()) {
            return restoreStranger();
        }
        Seat old = live.get();
        String runs = book.seats().getOrDefault(old.color(), standing.current());
        String content = standing.upstream().filter(old::isNamedIn).orElse(content(old, runs));
        Proxy.Switching back = proxy.to(old, runs, content, book.switching(old.color()));
        proxy.settle(back, book.live(old.color()));
        book = book.live(old.color());
        switched = false;
        switching = Optional.of(back);
        return "the proxy leads to " + old + " again";
    }

    /** The proxy's file led to something that is none of the two masters, or there was no such file. */
    private String restoreStranger() {
        if (standing.upstream().isEmpty()) {
            return "the proxy leads to the new master still, because there was none before";
        }
        Proxy.Switching back = proxy.to(next, release, standing.upstream().get(), book.without(next.color()));
        proxy.settle(back, book.without(next.color()));
        switched = false;
        switching = Optional.of(back);
        return "the proxy's file says again what it said";
    }

    @Override
    public void discard() {
        // as long as the proxy may lead to it, it stays
        if (!started || switched) {
            return;
        }
        if (switching.isPresent()) {
            masters.drain(next, retiring());
        }
        // one that did not come in time may come yet: then the next deploy knows that it is ours
        masters.stop(next, release, late ? book : book.without(next.color()));
        started = false;
    }
}
