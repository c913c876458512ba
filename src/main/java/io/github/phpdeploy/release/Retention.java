package io.github.phpdeploy.release;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which releases are kept. As many good ones as the user wants, and always the current one and its predecessor; of those
 * that are not good, the newest as many, as long as they are younger than the oldest good one that is kept, so that a
 * failure can be looked into. Directories that we know nothing of are never touched.
 */
public final class Retention {

    private Retention() {}

    /**
     * The releases that may go.
     *
     * @param releases all that are there
     * @param current the one that is live; empty for none
     * @param predecessor the one that was live before it; empty for none
     * @param keep how many good ones are kept, the current one among them; at least 1
     * @return names of releases, oldest first
     */
    public static List<String> outdated(
            List<Release> releases, Optional<String> current, Optional<String> predecessor, int keep) {
        List<Release> newestFirst =
                releases.stream().sorted(Release.BY_TIME.reversed()).toList();
        Set<String> kept = new HashSet<>();
        current.ifPresent(kept::add);
        predecessor.ifPresent(kept::add);
        List<Release> good = newestFirst.stream()
                .filter(release -> release.is(ReleaseState.GOOD))
                .limit(keep)
                .toList();
        good.forEach(release -> kept.add(release.id()));
        newestFirst.stream()
                .filter(release -> release.record().isPresent() && !release.is(ReleaseState.GOOD))
                .filter(release -> !release.is(ReleaseState.UPLOADING))
                .filter(release ->
                        good.size() < keep || Release.BY_TIME.compare(release, good.get(good.size() - 1)) > 0)
                .limit(keep)
                .forEach(release -> kept.add(release.id()));
        List<String> outdated = new ArrayList<>();
        for (Release release : releases) {
            if (release.record().isPresent() && !kept.contains(release.id())) {
                outdated.add(release.id());
            }
        }
        return outdated;
    }
}
