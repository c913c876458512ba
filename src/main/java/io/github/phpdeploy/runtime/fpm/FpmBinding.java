package io.github.phpdeploy.runtime.fpm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.phpdeploy.runtime.Finding;

/** What binds a master of FPM to one release: paths that lie there, where they should go by way of {@code current}, or elsewhere. */
final class FpmBinding {

    private final FpmMaster.Seen master;
    private final Optional<PoolLook> look;
    private final String deployPath;

    /**
     * @param master how it looks from the host
     * @param look what its pool said; empty where it was not asked
     * @param deployPath as the user has it
     */
    FpmBinding(FpmMaster.Seen master, Optional<PoolLook> look, String deployPath) {
        this.master = master;
        this.look = look;
        this.deployPath = deployPath;
    }

    /** One finding for each release that it is bound to by its settings, and one for its working directory. */
    List<Finding> findings() {
        Map<String, Set<String>> settings = new LinkedHashMap<>();
        master.files().forEach(file -> note(settings, "a file of its configuration", file));
        note(settings, master.config().global());
        master.config().pools().values().forEach(pool -> note(settings, pool));
        look.ifPresent(asked -> note(settings, asked.settings()));
        List<Finding> findings = new ArrayList<>();
        settings.forEach((release, names) -> findings.add(new Finding(
                true,
                "php-fpm is bound to release " + release + " by " + String.join(", ", names),
                "that stays as it is there when another release is current, and php-fpm does not reload when that release is"
                        + " removed",
                "write " + deployPath + "/current, or a path outside of " + deployPath + "/releases, and reload php-fpm"
                        + " once")));
        releases(master.directory() + "/")
                .forEach(release -> findings.add(new Finding(
                        false,
                        "php-fpm was started in the directory of release " + release,
                        "that release is never removed while it runs, and relative paths (include_path, chdir) lead there",
                        "start it in another directory, such as /")));
        return findings;
    }

    /** The same for the log. */
    List<String> words() {
        return findings().stream()
                .map(finding -> finding.what() + ": " + finding.cost() + "; " + finding.fix())
                .collect(Collectors.toList());
    }

    private void note(Map<String, Set<String>> found, Map<String, String> settings) {
        settings.forEach((name, value) -> note(found, name, value));
    }

    private void note(Map<String, Set<String>> found, String name, String value) {
        for (String release : releases(value)) {
            found.computeIfAbsent(release, id -> new TreeSet<>()).add(name + " (" + value + ")");
        }
    }

    /** The releases that paths in a text lie in. */
    private Set<String> releases(String text) {
        Set<String> releases = new TreeSet<>();
        String real =
                look.map(PoolLook::realPath).filter(path -> !path.isEmpty()).orElse(deployPath);
        for (String root : new TreeSet<>(List.of(deployPath, real))) {
            Matcher inside = Pattern.compile(Pattern.quote(root + "/releases/") + "([A-Za-z0-9][A-Za-z0-9._-]*)")
                    .matcher(text);
            while (inside.find()) {
                releases.add(inside.group(1));
            }
        }
        return releases;
    }
}
