package io.github.phpdeploy.runtime.resident;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.runtime.Generation;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Runtime;

/** A resident server as it was found on one host, on its way to another release. Used by one thread at a time. */
final class ResidentService implements Runtime.Service {

    private final Place place;
    private final Kind kind;
    private final ResidentSettings settings;
    private final ResidentMaster master;
    private final Look look;
    private final String depth;
    private final List<String> warnings;
    private final Map<String, String> facts = new LinkedHashMap<>();
    private Seen before;

    ResidentService(
            Place place,
            Kind kind,
            ResidentSettings settings,
            ResidentMaster master,
            Look look,
            List<String> warnings) {
        this.place = place;
        this.kind = kind;
        this.settings = settings;
        this.master = master;
        this.look = look;
        this.depth = look.seen().deep() ? "2" : "1";
        this.before = look.seen();
        this.warnings = List.copyOf(warnings);
        facts.put("way", way());
        look.detail("mode").ifPresent(mode -> facts.put("mode", mode));
    }

    @Override
    public String way() {
        return "reload " + kind.title() + " (master " + look.seen().pid() + ", workers: "
                + look.seen().workers().size() + ") with signal " + kind.signal()
                + ", which replaces its workers, because they keep the code that they began with";
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
    public Generation reload() {
        // who was there at the inspection may be gone: workers end by themselves after so many requests
        before = master.workers(depth);
        List<String> old = workers(before);
        master.reload(before);
        return new Generation(old, kind.title() + " was told to reload");
    }

    private List<String> workers(Seen seen) {
        return seen.workers().stream()
                .filter(worker -> !master.isKept(worker))
                .map(Seen.Worker::id)
                .toList();
    }

    @Override
    public String await(Generation old) {
        long begin = System.nanoTime();
        facts.put("workersBefore", String.join(" ", old.workers()));
        ResidentMaster.Awaited awaited = master.await(before, depth);
        facts.put("drainMillis", Long.toString((System.nanoTime() - begin) / 1_000_000));
        facts.put("workersAfter", workers(master.workers(depth)).stream().collect(Collectors.joining(" ")));
        return awaited.gone() + " old " + kind.title() + " workers gone, " + awaited.up() + " new ones up"
                + (awaited.again().equals("0")
                        ? ""
                        : "; signal " + kind.signal() + " was sent again (" + awaited.again()
                                + " times), because another reload was under way or workers were busy");
    }

    @Override
    public Optional<String> prove(String release) {
        String proof = new ReleaseProof(place.host(), settings.showing(), new Answering()).prove(release);
        facts.put("proof", proof);
        return Optional.of(proof);
    }

    /** The server as the one that is asked. */
    private final class Answering implements ReleaseProof.Subject {

        @Override
        public String name() {
            return kind.name();
        }

        @Override
        public String title() {
            return kind.title();
        }

        @Override
        public Set<String> live() {
            return master.workers(depth).workers().stream()
                    .filter(worker -> !master.isKept(worker))
                    .map(Seen.Worker::pid)
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        @Override
        public PhpDeployException outdated(String release, Set<String> shown) {
            return new Binding(kind, look, place.deployPath()).failure(release, shown);
        }
    }
}
