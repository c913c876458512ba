package io.github.phpdeploy.release;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Complaint;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.host.Running;
import io.github.phpdeploy.host.Script;
import io.github.phpdeploy.host.ScriptResult;

/** A deploy path on a host that runs scripts for us. */
public final class ShellSite implements Site {

    private static final Script META = Script.of(ShellSite.class, "meta.sh");
    private static final Script INSPECT = Script.of(ShellSite.class, "inspect.sh");
    private static final Script LOOK = META.then(INSPECT);
    private static final Script LOCK =
            META.then(Script.of(ShellSite.class, "lock.sh")).then(INSPECT).then(Script.of(ShellSite.class, "hold.sh"));
    private static final Script MARK_BEGIN = META.then(Script.of(ShellSite.class, "mark-begin.sh"));
    private static final Script MARK_END = Script.of(ShellSite.class, "mark-end.sh");
    private static final Script ACTIVATE = META.then(Script.of(ShellSite.class, "activate.sh"));
    private static final Script CONCLUDE = META.then(Script.of(ShellSite.class, "conclude.sh"));
    private static final Script JOURNAL = META.then(Script.of(ShellSite.class, "journal.sh"));
    private static final Script UNLOCK = META.then(Script.of(ShellSite.class, "unlock.sh"));

    /** How long a lock may be held: longer than any deploy. */
    private static final Duration LOCK_LIMIT = Duration.ofDays(2);

    /** Exit codes of the scripts. */
    private static final int LOCKED = 11;

    private static final int OCCUPIED = 12;
    private static final int NO_LOCK_TOOL = 13;
    private static final int LOCK_LOST = 15;
    private static final int MOVED = 16;
    private static final int NO_RELEASE = 17;
    private static final int STILL_LOCKED = 18;

    private final Host host;
    private final String path;
    private final SiteFaults faults;

    /**
     * A deploy path.
     *
     * @param host where
     * @param path absolute directory on that host
     */
    public ShellSite(Host host, String path) {
        this.host = host;
        this.path = path;
        this.faults = new SiteFaults(this);
    }

    @Override
    public Host host() {
        return host;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public SiteState inspect() {
        ScriptResult result = host.run(LOOK, List.of(path));
        if (!result.ok()) {
            throw Complaint.of("the deploy path " + path + " could not be looked at", host, result);
        }
        return SiteState.parse(result.lines());
    }

    @Override
    public SiteLock lock(LockHolder holder, Duration wait, Consumer<LockHolder> waiting) {
        List<String> arguments = List.of(path, holder.json(), Long.toString(wait.toSeconds()));
        Running running = host.start(LOCK, arguments, LOCK_LIMIT);
        Optional<LockHolder> other = Optional.empty();
        Optional<LockHolder> left = Optional.empty();
        List<String> inspected = new ArrayList<>();
        boolean locked = false;
        String denied = "";
        try {
            for (String line = readLine(running); line != null; line = readLine(running)) {
                if (line.equals("holding")) {
                    return new ShellLock(host, running, holder.token(), SiteState.parse(inspected), left);
                } else if (line.equals("locked")) {
                    locked = true;
                } else if (locked) {
                    inspected.add(line);
                } else if (line.startsWith("waiting ")) {
                    other = Optional.of(LockHolder.parse(line.substring(8)));
                    if (!wait.isZero()) {
                        waiting.accept(other.get());
                    }
                } else if (line.startsWith("missing ") || line.startsWith("there ")) {
                    denied = line;
                } else if (line.startsWith("left ")) {
                    left = Optional.of(LockHolder.parse(line.substring(5)));
                }
            }
        } catch (IOException e) {
            running.close();
            throw running.failure(e);
        }
        throw refused(running.finish(), other, wait, denied);
    }

    private PhpDeployException refused(ScriptResult result, Optional<LockHolder> other, Duration wait, String denied) {
        return switch (result.exitCode()) {
            case LOCKED -> faults.locked(other, wait);
            case OCCUPIED -> occupied();
            case NO_LOCK_TOOL ->
                new PhpDeployException(
                        host.name() + " has no program that can lock a file",
                        "install flock (util-linux), perl or php there");
            default ->
                result.complaint().contains("ermission denied") && denied.indexOf(' ') > 0
                        ? notWritable(result, denied)
                        : Complaint.of("the deploy path " + path + " cannot be used", host, result);
        };
    }

    private PhpDeployException notWritable(ScriptResult result, String denied) {
        String account = Printable.line(denied.substring(denied.indexOf(' ') + 1));
        return new PhpDeployException(
                "the deploy path " + path + " cannot be used on " + host.name() + ": " + result.complaint(),
                denied.startsWith("missing ")
                        ? "make it there, on " + host.name() + ": sudo install -d -o " + account + " " + path
                        : "deploy to another php.deployPath; or, if it is there for nothing else, make it " + account
                                + "'s, on " + host.name() + ": sudo chown -R " + account + " " + path);
    }

    private static String token(SiteLock lock) {
        return ((ShellLock) lock).token();
    }

    private static String readLine(Running running) throws IOException {
        java.io.ByteArrayOutputStream line = new java.io.ByteArrayOutputStream();
        for (int c = running.stdout().read(); c != '\n'; c = running.stdout().read()) {
            if (c < 0) {
                return null;
            }
            line.write(c);
            if (line.size() > 1 << 20) {
                throw new IOException("a line without end");
            }
        }
        return line.toString(java.nio.charset.StandardCharsets.UTF_8);
    }

    @Override
    public void activate(
            SiteLock lock, Optional<String> target, Optional<String> expected, Optional<ReleaseRecord> record) {
        List<String> arguments = new ArrayList<>(List.of(path, token(lock), target.orElse(""), expected.orElse("")));
        record.ifPresent(known -> {
            arguments.add(known.id());
            arguments.add(known.json());
        });
        ScriptResult result = host.run(ACTIVATE, arguments);
        if (result.ok()) {
            return;
        }
        throw switch (result.exitCode()) {
            case LOCK_LOST -> faults.lockLost();
            case OCCUPIED -> occupied();
            case MOVED -> faults.moved(result.text(), expected);
            case NO_RELEASE -> faults.noRelease(target.orElse(""));
            default -> Complaint.of(path + "/current could not be switched", host, result);
        };
    }

    /**
     * Does something with a release and, when that has succeeded, writes down what to remember of it, in one go.
     *
     * @param lock the lock
     * @param record what to remember
     * @param work what to do; its first two arguments are the deploy path and the release's name
     * @param arguments its further arguments
     * @return how it ended
     */
    public ScriptResult mark(SiteLock lock, ReleaseRecord record, Script work, List<String> arguments) {
        List<String> all = new ArrayList<>(List.of(path, token(lock), record.id(), record.json()));
        all.addAll(arguments);
        ScriptResult result = host.run(MARK_BEGIN.then(work).then(MARK_END), all);
        if (result.exitCode() == LOCK_LOST) {
            throw faults.lockLost();
        }
        return result;
    }

    @Override
    public Removal conclude(
            SiteLock lock, List<ReleaseRecord> records, Optional<JournalEntry> entry, List<String> outdated) {
        List<String> arguments = new ArrayList<>(
                List.of(path, token(lock), entry.map(JournalEntry::json).orElse(""), Integer.toString(records.size())));
        for (ReleaseRecord record : records) {
            arguments.add(record.id());
            arguments.add(record.json());
        }
        arguments.addAll(outdated);
        ScriptResult result = host.run(CONCLUDE, arguments);
        if (result.exitCode() == LOCK_LOST) {
            throw faults.lockLost();
        }
        if (!result.ok()) {
            throw Complaint.of("the journal in " + path + " could not be written", host, result);
        }
        List<String> removed = new ArrayList<>();
        Map<String, String> used = new LinkedHashMap<>();
        for (String line : result.lines()) {
            String[] words = line.split(" ", 3);
            if (words[0].equals("removed") && words.length == 2) {
                removed.add(words[1]);
            } else if (words[0].equals("used") && words.length == 3) {
                used.put(words[1], Printable.line(words[2]));
            }
        }
        return new Removal(removed, used);
    }

    @Override
    public List<JournalEntry> journal(int limit) {
        ScriptResult result = host.run(JOURNAL, List.of(path, Integer.toString(limit)));
        if (!result.ok()) {
            throw Complaint.of("the journal in " + path + " could not be read", host, result);
        }
        List<JournalEntry> entries = new ArrayList<>();
        result.lines().forEach(line -> JournalEntry.parse(line).ifPresent(entries::add));
        java.util.Collections.reverse(entries);
        return entries;
    }

    @Override
    public Optional<LockHolder> unlock(boolean force) {
        ScriptResult result = host.run(UNLOCK, List.of(path, force ? "1" : "0"));
        Optional<LockHolder> holder = result.lines().stream()
                .filter(line -> line.startsWith("held "))
                .map(line -> LockHolder.parse(line.substring(5)))
                .findFirst();
        if (result.exitCode() == STILL_LOCKED) {
            throw faults.notBroken(
                    holder,
                    "its process on the host cannot be ended"
                            + (result.complaint().isEmpty() ? "" : " (" + result.complaint() + ")"));
        }
        if (!result.ok()) {
            throw Complaint.of("the lock of " + path + " could not be looked at", host, result);
        }
        return holder;
    }
}
