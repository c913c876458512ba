package io.github.phpdeploy.deploy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.release.JournalEntry;
import io.github.phpdeploy.release.LockHolder;
import io.github.phpdeploy.release.Release;
import io.github.phpdeploy.release.Site;
import io.github.phpdeploy.release.SiteLock;
import io.github.phpdeploy.release.SiteState;
import io.github.phpdeploy.runtime.Finding;
import io.github.phpdeploy.runtime.Intent;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.Writes;

/** What operators ask of hosts by hand, one host after the other. */
public final class SiteOperations {

    private final HostConnector connector;
    private final List<Target> targets;

    /**
     * Operations on some hosts.
     *
     * @param connector makes connections
     * @param targets the hosts
     */
    public SiteOperations(HostConnector connector, List<Target> targets) {
        this.connector = connector;
        this.targets = List.copyOf(targets);
    }

    /**
     * An answer from one host.
     *
     * @param host what the user calls it
     * @param answer what it answered
     * @param <T> the kind of answer
     */
    public record Answer<T>(String host, T answer) {}

    /**
     * What releases there are.
     *
     * @return each host's state
     */
    public List<Answer<SiteState>> releases() {
        return ask(ShellUse.none(), Site::inspect);
    }

    /**
     * What was done.
     *
     * @param limit how many entries at most, for each host
     * @return each host's journal, newest first
     */
    public List<Answer<List<JournalEntry>>> history(int limit) {
        return ask(ShellUse.none(), site -> site.journal(limit));
    }

    /**
     * Who has the lock; breaks it on demand.
     *
     * @param force whether to break it
     * @return who had it on each host; empty where nobody had
     */
    public List<Answer<Optional<LockHolder>>> unlock(boolean force) {
        return ask(ShellUse.none(), site -> site.unlock(force));
    }

    /**
     * Reloads the runtime, and nothing else; proves that it executes what is current.
     *
     * @param runtime what to reload
     * @param initiator who does it, for the lock of runtimes that need it
     * @return what was done on each host, in one clause
     */
    public List<Answer<String>> reload(Runtime runtime, Initiator initiator) {
        return ask(ShellUse.of(runtime), site -> {
            if (!runtime.isExclusive()) {
                return reload(site, runtime.inspect(place(site), Intent.RELOAD));
            }
            SiteLock lock = site.lock(initiator.holder("reload"), Duration.ZERO, other -> {});
            try {
                return reloadOrRestore(site, runtime.inspect(place(site), Intent.RELOAD));
            } finally {
                lock.close();
            }
        });
    }

    private static String reload(Site site, Runtime.Service service) {
        String warned = service.warnings().stream()
                .map(warning -> "; warning: " + warning)
                .collect(Collectors.joining());
        String current = site.inspect().current().map(Release::id).orElse("");
        String done = service.await(service.reload());
        Optional<String> proof = current.isEmpty() ? Optional.empty() : service.prove(current);
        return done + proof.map(seen -> "; " + seen).orElse("") + warned;
    }

    /** The same where what ran before is still there until all is proved. */
    private static String reloadOrRestore(Site site, Runtime.Service service) {
        String done;
        try {
            done = reload(site, service);
        } catch (PhpDeployException failure) {
            String state;
            try {
                state = service.restore();
                service.discard();
            } catch (PhpDeployException e) {
                throw failure.withState("going back failed too: " + e.what());
            }
            throw failure.withState("it was undone: " + state);
        }
        String current = site.inspect().current().map(Release::id).orElse("");
        return done + service.tidy(current).map(more -> "; " + more).orElse("");
    }

    /**
     * Finds out how the runtime would be reloaded. Changes nothing.
     *
     * @param runtime what would be reloaded
     * @return what would be done on each host, in one clause
     */
    public List<Answer<String>> inspect(Runtime runtime) {
        return ask(
                ShellUse.of(runtime),
                site -> runtime.inspect(place(site), Intent.RELOAD).way());
    }

    /**
     * Looks for what makes deploys lose requests or serve old code. Changes nothing.
     *
     * @param runtime what runs the code
     * @param shared what survives releases; the code is expected to write into its directories
     * @param writable what else the code writes into
     * @return what was found on each host
     */
    public List<Answer<List<Finding>>> diagnose(Runtime runtime, Shared shared, Writable writable) {
        return ask(ShellUse.of(runtime), site -> {
            List<String> written = new ArrayList<>();
            shared.directories().forEach(path -> written.add(site.path() + "/shared/" + path));
            writable.directories().stream()
                    .filter(path -> !shared.directories().contains(path))
                    .forEach(path -> written.add(site.path() + "/current/" + path));
            List<Finding> findings = new ArrayList<>(runtime.diagnose(place(site)));
            Optional<Writes> writes = written.isEmpty() ? Optional.empty() : runtime.writes(place(site), written);
            findings.addAll(HostDoctor.findings(site, writes, written));
            return findings;
        });
    }

    private static Place place(Site site) {
        return new Place(site.host(), site.path(), Optional.empty());
    }

    private <T> List<Answer<T>> ask(ShellUse needs, Function<Site, T> question) {
        List<Answer<T>> answers = new ArrayList<>();
        for (Target target : targets) {
            try (Host host = connector.connect(target)) {
                Access access = new Access(target, host, needs, why -> {});
                answers.add(new Answer<>(target.name(), access.ask(way -> question.apply(way.site()))));
            }
        }
        return answers;
    }
}
