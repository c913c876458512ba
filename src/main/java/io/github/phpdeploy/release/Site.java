package io.github.phpdeploy.release;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Host;

/**
 * One deploy path on one host. Looking needs nothing; changing needs the {@link SiteLock}.
 *
 * <p>All methods throw {@link PhpDeployException} when the host cannot do what is asked.
 */
public interface Site {

    /**
     * The host.
     *
     * @return where this site is
     */
    Host host();

    /**
     * The deploy path.
     *
     * @return absolute directory on the host
     */
    String path();

    /**
     * Looks at the site. Changes nothing and does not wait for the lock.
     *
     * @return what is there
     */
    SiteState inspect();

    /**
     * Takes the lock and looks at the site, in one go. When this build is killed, the lock is free again: at once where a
     * shell holds it, else when nothing was heard of us for a minute.
     *
     * @param holder who wants it
     * @param wait how long to wait for another holder
     * @param waiting hears, once, for whom it waits
     * @return the lock, to be closed
     * @throws PhpDeployException when somebody else has it, {@code current} is a real directory, or the deploy path
     *     cannot be written
     */
    SiteLock lock(LockHolder holder, Duration wait, Consumer<LockHolder> waiting);

    /**
     * Makes another release current, in one atomic step.
     *
     * @param lock the lock
     * @param target what {@code current} is to point to, as {@link #linkTo} gives it; empty to have no current
     * @param expected what {@code current} must point to now, as it stands in the link; empty for no link
     * @param record what to remember before the switch, so that a crash in between leaves its trace
     * @throws PhpDeployException when {@code current} points elsewhere, is no link, or the lock is lost; it is then as
     *     it was
     */
    void activate(SiteLock lock, Optional<String> target, Optional<String> expected, Optional<ReleaseRecord> record);

    /** What {@link #conclude} did with releases that were to go: which went, and which are used by which process. */
    record Removal(List<String> removed, Map<String, String> used) {}

    /**
     * Writes down how things ended, and takes outdated releases out of the way, but for those that a process is known to
     * use.
     *
     * @param lock the lock
     * @param records what to remember of releases
     * @param entry what to add to the journal, if anything
     * @param outdated releases that may go
     * @return which went, and which are used by which process id
     */
    Removal conclude(SiteLock lock, List<ReleaseRecord> records, Optional<JournalEntry> entry, List<String> outdated);

    /**
     * What was done here.
     *
     * @param limit how many entries at most
     * @return the newest entries, newest first; lines that make no sense are passed over
     */
    List<JournalEntry> journal(int limit);

    /**
     * Who has the lock; breaks it on demand.
     *
     * @param force whether to take the lock away from its holder, which makes its build stop
     * @return who had it; empty when nobody has
     * @throws PhpDeployException when the lock could not be broken
     */
    Optional<LockHolder> unlock(boolean force);

    /**
     * What {@code current} holds when a release is current.
     *
     * @param release its name
     * @return a relative link
     */
    static String linkTo(String release) {
        return "releases/" + release;
    }

    /**
     * The error for a deploy path where something that is no link stands at {@code current}.
     *
     * @return the error; nothing was changed
     */
    default PhpDeployException occupied() {
        return new PhpDeployException(
                path() + "/current on " + host().name() + " is not a symbolic link but a file or directory of its own",
                "move it away (mv " + path() + "/current " + path()
                        + "/current.old), or deploy to another php.deployPath; it is never replaced by itself");
    }
}
