package io.github.phpdeploy.runtime.octane;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import io.github.phpdeploy.runtime.resident.Fault;
import io.github.phpdeploy.runtime.resident.Look;
import io.github.phpdeploy.runtime.resident.ResidentSettings;
import io.github.phpdeploy.runtime.swoole.Swoole;

/**
 * Swoole as Octane starts it. Its start file, Octane's own {@code bin/swoole-server}, and what that includes by {@code __DIR__} are
 * of the release that it was started from, whatever the workers boot.
 */
final class OctaneKind extends Swoole {

    /** What users write for it. */
    static final String OCTANE = "octane";

    @Override
    public String name() {
        return OCTANE;
    }

    @Override
    public String title() {
        return "Octane's Swoole";
    }

    @Override
    public String pidTitle() {
        return "state file";
    }

    @Override
    public String pidProperty() {
        return "stateFile";
    }

    @Override
    public String pidFile(String file) {
        return "set 'state_file' => '" + file.replaceFirst("\\.pid$", ".json") + "' in config/octane.php";
    }

    @Override
    public String boot(String root) {
        return "set php.octane.strategy=replace";
    }

    @Override
    public String base(String root) {
        return boot(root);
    }

    @Override
    protected String setting(String name, String value) {
        return "set '" + name + "' => " + value + " under swoole.options in config/octane.php";
    }

    @Override
    protected String processMode() {
        return "leave swoole.mode in config/octane.php at SWOOLE_PROCESS";
    }

    @Override
    public List<Fault> faults(Look look, ResidentSettings settings) {
        List<Fault> faults = super.faults(look, settings);
        Set<String> bound = new TreeSet<>(look.seen().bound());
        look.seen().named().ifPresent(bound::add);
        // of one whose workers boot an old release it is said already
        if (!bound.isEmpty() && look.seen().releaseOf(look.seen().base()).isEmpty() && !look.isProved()) {
            faults.add(new Fault(
                    Fault.Weight.NEVER,
                    title() + " on " + look.host() + " was started from releases/" + String.join(", releases/", bound),
                    "Octane's own code stays that of this release, and so may what its workers boot",
                    "set php.octane.strategy=replace"));
        }
        return faults;
    }
}
