package io.github.phpdeploy.runtime.modphp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.github.phpdeploy.runtime.Finding;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.resident.Fault;
import io.github.phpdeploy.runtime.resident.Watch;

/**
 * An Apache as it looks from the host, and as it shows itself.
 *
 * @param place where
 * @param settings what the user says
 * @param seen how it looks from the host
 * @param shown what it answered, over several new connections
 */
record ModPhpLook(Place place, ModPhpSettings settings, Seen seen, Watch.Round shown) {

    /** Seconds that Apache keeps a connection open unless its configuration says otherwise. */
    private static final long KEEP_ALIVE_TIMEOUT = 5;

    private String where() {
        return "Apache on " + place.host().name();
    }

    private Optional<String> detail(String name) {
        return shown.sightings().stream()
                .flatMap(one -> one.detail(name).stream())
                .findFirst();
    }

    /** The releases that it has shown, other than the one that {@code current} leads to. */
    private TreeSet<String> others() {
        TreeSet<String> others = shown.sightings().stream()
                .flatMap(one -> one.releases().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        others.remove(seen.current());
        return others;
    }

    /** What stands in the way of a deploy. */
    List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        module(faults);
        patience(faults);
        if (seen.directive("listencoresbucketsratio").orElse(0) > 0) {
            faults.add(new Fault(
                    Fault.Weight.DROPS,
                    "ListenCoresBucketsRatio of " + where() + " is set, so that it has several queues of connections",
                    "a reload turns away who waits in a queue that is closed",
                    "take it out of the configuration and restart Apache once; on machines with very many"
                            + " processors it then takes connections a little slower"));
        }
        notes(faults);
        return faults;
    }

    private void module(List<Fault> faults) {
        if (!seen.modules().isEmpty() && seen.modules().stream().noneMatch(name -> name.matches("php[0-9]*_module"))) {
            faults.add(new Fault(
                    Fault.Weight.NEVER,
                    where() + " has no mod_php in its configuration",
                    "its reload brings no new PHP code",
                    "where it passes requests to php-fpm, set php.runtime=fpm; else load mod_php, or correct"
                            + " php.modphp.pidFile"));
        }
    }

    /** Whether a deploy waits as long as requests may take. */
    private void patience(List<Fault> faults) {
        long limit = settings.control().limit().toSeconds();
        settings.longestRequest()
                .filter(longest -> longest.toSeconds() >= limit)
                .ifPresent(longest -> faults.add(new Fault(
                        Fault.Weight.NEVER,
                        "requests to " + where() + " may take " + longest.toSeconds() + " s, and php.reloadTimeout is "
                                + limit + " s",
                        "a deploy is undone while such a request is in flight",
                        "set php.reloadTimeout to more than " + longest.toSeconds()
                                + "; a deploy then takes that long at worst")));
        long kept = seen.directive("keepalivetimeout").orElse(KEEP_ALIVE_TIMEOUT);
        if (kept >= limit && !"off".equalsIgnoreCase(seen.directives().get("keepalive"))) {
            faults.add(new Fault(
                    Fault.Weight.NOTE,
                    "KeepAliveTimeout of " + where() + " is " + kept + " s, and php.reloadTimeout is " + limit + " s",
                    "a deploy is undone when somebody keeps a connection open for longer than that",
                    "set KeepAliveTimeout 5, which makes clients that come back later connect anew, or raise"
                            + " php.reloadTimeout"));
        }
    }

    private void notes(List<Fault> faults) {
        if (!seen.modules().isEmpty() && !seen.modules().contains("mpm_prefork_module")) {
            faults.add(new Fault(
                    Fault.Weight.NOTE,
                    where() + " does not use mpm_prefork",
                    "how its graceful reload ends requests was not tried with this plugin",
                    "use mpm_prefork, which Debian's mod_php needs, or try a deploy under load"));
        }
        if (detail("realpath_cache_ttl").filter("0"::equals).isPresent()) {
            faults.add(new Fault(
                    Fault.Weight.NOTE,
                    "realpath_cache_ttl is 0, and that means never",
                    "children never notice by themselves that \"current\" leads elsewhere; a deploy reloads them, whoever"
                            + " switches by hand must do so too",
                    "set realpath_cache_ttl = 120; what switches it off is realpath_cache_size = 0"));
        }
        silence().ifPresent(faults::add);
    }

    private Optional<Fault> silence() {
        String url = settings.showing().url().toString();
        String next = "the new release must show itself there, or the deploy is undone";
        if (!shown.silence().isEmpty()) {
            return Optional.of(new Fault(
                    Fault.Weight.NOTE,
                    url + " does not answer on " + place.host().name() + " (" + shown.silence() + ")",
                    "nothing can be said of the release that runs; " + next,
                    "correct php.modphp.url, or look into Apache's error log"));
        }
        return shown.sightings().stream()
                .filter(one -> one.releases().isEmpty())
                .findFirst()
                .map(one -> new Fault(
                        Fault.Weight.NOTE,
                        url + " on " + place.host().name() + " does not say which release answers (status "
                                + one.status() + ")",
                        next,
                        "have the application send the header field "
                                + settings.showing().header()
                                + ", by the line that the page on runtimes gives, or set php.modphp.releaseBody"));
    }

    /** What does harm, but is for the deploy to overcome, or for its proof to judge. */
    List<Finding> harm() {
        List<Finding> findings = new ArrayList<>();
        if (!others().isEmpty() && !seen.current().isEmpty()) {
            findings.add(new Finding(
                    true,
                    where() + " executes release " + String.join(", ", others()) + ", and current leads to "
                            + seen.current(),
                    "visitors get old code",
                    "run php:reload, and let nobody switch current without it; where that does not help, let DocumentRoot go"
                            + " by way of " + place.deployPath() + "/current"));
        }
        if (detail("revalidate_path").filter("1"::equals).isPresent()) {
            findings.add(new Finding(
                    true,
                    "opcache.revalidate_path is 1",
                    "between a switch and its reload, requests may get a mixture of two releases",
                    "set opcache.revalidate_path = 0"));
        }
        findings.addAll(bound());
        return findings;
    }

    private List<Finding> bound() {
        List<Finding> findings = new ArrayList<>();
        seen.startedFrom()
                .ifPresent(release -> findings.add(new Finding(
                        true,
                        where() + " was started from release " + release,
                        "it reads its configuration there until it is restarted, and cannot be reloaded when that release is"
                                + " removed",
                        "start it in a directory, and by files, outside of " + place.deployPath() + "/releases")));
        seen.names().stream()
                .collect(Collectors.groupingBy(Seen.Named::release))
                .forEach((release, lines) -> findings.add(new Finding(
                        true,
                        "the configuration of " + where() + " names release " + release + " ("
                                + lines.stream().map(Seen.Named::where).limit(3).collect(Collectors.joining(", "))
                                + ")",
                        "no deploy changes what is executed there, and Apache does not start when that release is removed",
                        "write " + place.deployPath() + "/current instead, and reload Apache once")));
        return findings;
    }

    /** What of this a deploy should say beforehand. */
    List<String> hints() {
        return bound().stream()
                .map(finding -> finding.what() + ": " + finding.cost() + "; " + finding.fix())
                .toList();
    }
}
