package io.github.phpdeploy.runtime.command;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.host.Running;
import io.github.phpdeploy.host.Script;
import io.github.phpdeploy.host.ScriptResult;
import io.github.phpdeploy.runtime.Generation;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.resident.ReleaseProof;

/** What a command reloads on one host. Used by one thread at a time. */
final class CommandService implements Runtime.Service, ReleaseProof.Subject {

    private static final Script SCRIPT = Script.of(CommandService.class, "command.sh");

    private final CommandRuntime runtime;
    private final Place place;
    private final List<String> warnings;
    private final Map<String, String> facts = new LinkedHashMap<>();

    CommandService(CommandRuntime runtime, Place place, List<String> warnings) {
        this.runtime = runtime;
        this.place = place;
        this.warnings = List.copyOf(warnings);
        facts.put("way", way());
    }

    @Override
    public String way() {
        return "run: " + Printable.line(runtime.reload());
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
    public Optional<String> preview(String release) {
        return runtime.trial().map(trial -> trial.run(place, release));
    }

    @Override
    public Generation reload() {
        List<String> arguments = List.of(runtime.reload(), runtime.sudo() ? "1" : "0");
        try (Running running = place.host().start(SCRIPT, arguments, runtime.limit())) {
            ScriptResult result = running.finish();
            if (!result.ok()) {
                String said = result.complaint();
                throw new PhpDeployException(
                        "the reload command failed on " + place.host().name() + " with exit code " + result.exitCode()
                                + (said.isEmpty() ? "" : ": " + said),
                        "run it by hand there: " + Printable.line(runtime.reload()));
            }
        }
        return Generation.none("the reload command succeeded");
    }

    @Override
    public String await(Generation old) {
        return old.how() + (runtime.page().isEmpty() ? ", which proves nothing" : "");
    }

    @Override
    public Optional<String> prove(String release) {
        Optional<String> proof = runtime.page().map(page -> new ReleaseProof(place.host(), page, this).prove(release));
        proof.ifPresent(words -> facts.put("proof", words));
        return proof;
    }

    @Override
    public String name() {
        return CommandRuntime.NAME;
    }

    @Override
    public String title() {
        return "the server behind \"" + Printable.line(runtime.reload()) + "\"";
    }

    @Override
    public Set<String> live() {
        return Set.of();
    }

    @Override
    public PhpDeployException outdated(String release, Set<String> shown) {
        Set<String> others = new TreeSet<>(shown);
        others.remove(release);
        return new PhpDeployException(
                title() + " on " + place.host().name() + " executes code of release " + String.join(", ", others)
                        + (shown.contains(release) ? " besides that of " : ", not ") + release
                        + ", after that command succeeded",
                "have the command replace all processes that hold code, and these find it through " + place.deployPath()
                        + "/current when they start");
    }
}
