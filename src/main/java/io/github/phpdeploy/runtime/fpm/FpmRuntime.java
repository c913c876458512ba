package io.github.phpdeploy.runtime.fpm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.runtime.Finding;
import io.github.phpdeploy.runtime.Intent;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.Writes;
import io.github.phpdeploy.runtime.replace.ReplaceRuntime;

/**
 * PHP-FPM. Its master is looked at from the host, its pool is asked over FastCGI; from both follows how it is brought to run
 * another release without losing a request.
 */
public final class FpmRuntime implements Runtime {

    /** What users write for it. */
    public static final String NAME = "fpm";

    private final FpmSettings settings;

    /**
     * A runtime.
     *
     * @param settings how FPM is found, asked and reloaded
     */
    public FpmRuntime(FpmSettings settings) {
        this.settings = settings;
    }

    /**
     * A runtime whose master is replaced by another.
     *
     * @param settings how FPM is asked
     * @param pair how the two masters are configured and replaced
     * @return the runtime
     */
    public static Runtime replacing(FpmSettings settings, FpmPair pair) {
        return new ReplaceRuntime(NAME, pair.replace(), new FpmMasters(settings, pair));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Service inspect(Place place, Intent intent) {
        FpmMaster master = new FpmMaster(place.host(), settings.control());
        FpmMaster.Seen seen = master.inspect();
        FpmConfig.Section section = section(place, seen);
        Pool pool = new Pool(place.host(), settings.asking().socket().orElse(section.listen()));
        List<String> warnings = new ArrayList<>();
        Optional<PoolLook> look = Optional.empty();
        boolean asks = true;
        try {
            look = intent == Intent.RELOAD ? Optional.empty() : look(place, intent, pool, section);
        } catch (PhpDeployException e) {
            if (!settings.allowDrops() && intent != Intent.PLAN) {
                throw e;
            }
            warnings.add(e.what() + "; so nothing of it can be proved");
            asks = false;
        }
        warnings.addAll(new FpmBinding(seen, look, place.deployPath()).words());
        FpmWay way = asks || settings.strategy() != FpmSettings.Strategy.AUTO
                ? FpmWay.choose(settings.strategy(), intent, look, place.deployPath())
                : new FpmWay(FpmWay.Kind.RELOAD, "how the web server passes paths is not known");
        if (way.kind() == FpmWay.Kind.RELOAD && (asks || intent != Intent.PLAN)) {
            warnings.addAll(checked(way, ReloadRisk.of(pool, section, seen, settings)));
        }
        return new FpmService(place, settings, master, seen, pool, section, asks, way, warnings);
    }

    @Override
    public List<Finding> diagnose(Place place) {
        List<Finding> findings = new ArrayList<>();
        FpmMaster master = new FpmMaster(place.host(), settings.control());
        master.refusedReload().ifPresent(findings::add);
        try {
            FpmMaster.Seen seen = master.inspect();
            FpmConfig.Section section = section(place, seen);
            Pool pool = new Pool(place.host(), settings.asking().socket().orElse(section.listen()));
            Optional<PoolLook> look = look(place, Intent.SWITCH, pool, section);
            FpmWay way = FpmWay.choose(settings.strategy(), Intent.SWITCH, look, place.deployPath());
            ReloadRisk risk = ReloadRisk.of(pool, section, seen, settings);
            look.ifPresent(asked -> findings.addAll(FpmDoctor.findings(asked, way, risk)));
            findings.addAll(new FpmBinding(seen, look, place.deployPath()).findings());
        } catch (PhpDeployException e) {
            findings.add(new Finding(true, e.what(), "deploys fail", e.advice()));
        }
        return findings;
    }

    @Override
    public Optional<Writes> writes(Place place, List<String> directories) {
        try {
            FpmMaster.Seen seen = new FpmMaster(place.host(), settings.control()).inspect();
            FpmConfig.Section section = section(place, seen);
            Pool pool = new Pool(place.host(), settings.asking().socket().orElse(section.listen()));
            try (FpmProbe probe =
                    FpmService.plant(place, settings, pool, section).orElse(null)) {
                return Optional.ofNullable(probe).map(asked -> {
                    PoolLook look = asked.writes(directories);
                    String account = look.account().isEmpty() ? section.user().orElse("") : look.account();
                    return new Writes(account, look.refused());
                });
            }
        } catch (PhpDeployException e) {
            // why it cannot be asked is a finding of its own
            return Optional.empty();
        }
    }

    /** What is to be said of a reload's risk. */
    private List<String> checked(FpmWay way, ReloadRisk risk) {
        if (risk.risk().isEmpty()) {
            return risk.warnings();
        }
        PhpDeployException loss = risk.risk().get();
        if (settings.allowDrops()) {
            return List.of(loss.what() + "; php.allowDrops goes on all the same");
        }
        throw new PhpDeployException(
                "a reload is needed, because " + way.why() + "; but " + loss.what(),
                loss.advice()
                        + (way.isGuess()
                                ? "; where it passes them already, give php.healthUrl, so that it is seen, or"
                                        + " -Dphp.fpm.strategy=none"
                                : "; -Dphp.fpm.strategy=reset loses no request, but serves old code, or a mixture, for a"
                                        + " moment"));
    }

    /** The configuration of the pool that serves the site. */
    private FpmConfig.Section section(Place place, FpmMaster.Seen seen) {
        FpmConfig config = seen.config();
        Optional<String> socket = settings.asking().socket();
        Optional<FpmConfig.Section> found = config.pool(socket);
        if (found.isEmpty() && socket.isEmpty()) {
            throw new PhpDeployException(
                    config.pools().isEmpty()
                            ? "which pool of php-fpm serves the site is not known on "
                                    + place.host().name()
                            : "php-fpm on " + place.host().name() + " has several pools: "
                                    + String.join(", ", config.pools().keySet()),
                    "say which one with php.fpm.socket, as its \"listen =\" has it");
        }
        // a pool of another master, or one behind a proxy: then nothing is known of it but that
        FpmConfig.Section section = found.orElse(new FpmConfig.Section(socket.orElse(""), Map.of()));
        if (seen.owner().isEmpty() || seen.owner().equals("root")) {
            return section;
        }
        // a master that is not root's cannot change its account: "user" and "group" say nothing then
        Map<String, String> values = new LinkedHashMap<>(section.values());
        values.put("user", seen.owner());
        values.remove("group");
        return new FpmConfig.Section(section.name(), values);
    }

    private Optional<PoolLook> look(Place place, Intent intent, Pool pool, FpmConfig.Section section) {
        Optional<FpmProbe> planted = intent == Intent.PLAN
                ? FpmProbe.plant(
                        pool,
                        section,
                        place.deployPath(),
                        settings.asking().probeDirectory().orElse("/tmp"))
                : FpmService.plant(place, settings, pool, section);
        if (planted.isEmpty()) {
            return Optional.empty();
        }
        try (FpmProbe probe = planted.get()) {
            PoolLook look = probe.look();
            boolean strange = look.hasOpcache()
                    && !look.current().isEmpty()
                    && look.linked().isEmpty()
                    && look.visited().isEmpty();
            if (strange && place.visitor().isPresent()) {
                // nobody has come since FPM was started: one visitor shows how the web server passes paths
                place.visitor().get().run();
                look = probe.look();
            }
            return Optional.of(look);
        }
    }
}
