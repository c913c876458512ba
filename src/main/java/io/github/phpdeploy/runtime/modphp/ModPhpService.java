package io.github.phpdeploy.runtime.modphp;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.phpdeploy.runtime.Generation;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.resident.Watch;

/** An Apache as it was found on one host, on its way to another release. Used by one thread at a time. */
final class ModPhpService implements Runtime.Service {

    private final Place place;
    private final ModPhpSettings settings;
    private final ApacheMaster master;
    private final ModPhpLook look;
    private final List<String> warnings;
    private final Map<String, String> facts = new LinkedHashMap<>();
    private Seen before;

    ModPhpService(Place place, ModPhpSettings settings, ApacheMaster master, ModPhpLook look, List<String> warnings) {
        this.place = place;
        this.settings = settings;
        this.master = master;
        this.look = look;
        this.before = look.seen();
        List<String> all = new ArrayList<>(warnings);
        all.addAll(look.hints());
        this.warnings = List.copyOf(all);
        facts.put("way", way());
    }

    @Override
    public String way() {
        return "reload Apache gracefully (master " + look.seen().pid() + ", children: "
                + look.seen().workers().size() + ") with " + master.how()
                + ", because its children keep the code that they found by way of current";
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
        before = master.reload();
        return new Generation(before.workers(), "Apache was told to reload gracefully");
    }

    @Override
    public String await(Generation old) {
        long begin = System.nanoTime();
        facts.put("workersBefore", String.join(" ", old.workers()));
        String done = master.await(before);
        facts.put("drainMillis", Long.toString((System.nanoTime() - begin) / 1_000_000));
        return done;
    }

    @Override
    public Optional<String> prove(String release) {
        String proof = new ModPhpProof(place, settings, () -> master.late(before)).prove(release);
        facts.put("proof", proof);
        return Optional.of(proof);
    }

    /** Old children are gone when a reload has ended: what the site shows is what is executed. */
    @Override
    public Map<String, String> inUse() {
        Map<String, String> used = new HashMap<>();
        new Watch(place.host(), settings.showing())
                .ask(ModPhpProof.CONNECTIONS, settings.showing().limit())
                .sightings()
                .forEach(one -> one.releases()
                        .forEach(name -> used.put(name, one.detail("pid").orElse(before.pid()))));
        return used;
    }
}
