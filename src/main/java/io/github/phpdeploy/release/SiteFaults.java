package io.github.phpdeploy.release;

import java.time.Duration;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Printable;

/** The words for what can be wrong at a site, however it is worked on. */
final class SiteFaults {

    private final Site site;

    SiteFaults(Site site) {
        this.site = site;
    }

    private String current() {
        return site.path() + "/current on " + site.host().name();
    }

    PhpDeployException locked(Optional<LockHolder> other, Duration wait) {
        return new PhpDeployException(
                site.path() + " on " + site.host().name() + " is locked by "
                        + other.map(LockHolder::describe).orElse("somebody else")
                        + (wait.isZero() ? "" : ", and still was after " + wait.toSeconds() + " s"),
                "wait for it with -Dphp.lockWait=SECONDS, or look with php:unlock and break it with php:unlock"
                        + " -Dphp.force");
    }

    PhpDeployException lockLost() {
        return new PhpDeployException(
                "the lock of " + site.path() + " on " + site.host().name()
                        + " was lost: somebody broke it with php:unlock, or the connection hung",
                "see who is at work with php:unlock, then run this again");
    }

    PhpDeployException notBroken(Optional<LockHolder> holder, String why) {
        return new PhpDeployException(
                "the lock of " + site.path() + " on " + site.host().name() + ", held by "
                        + holder.map(LockHolder::describe).orElse("somebody") + ", could not be broken: " + why,
                "end that build, or run php:unlock as the account that it deploys with");
    }

    PhpDeployException moved(String now, Optional<String> expected) {
        return new PhpDeployException(
                current() + " points to \"" + Printable.line(now) + "\" now, and not to \"" + expected.orElse("")
                        + "\" as when this began",
                "find out who changed it by hand, then run this again");
    }

    PhpDeployException noRelease(String target) {
        return new PhpDeployException(
                site.path() + "/" + Printable.line(target) + " is not on "
                        + site.host().name() + " any more",
                "see what there is with php:releases");
    }
}
