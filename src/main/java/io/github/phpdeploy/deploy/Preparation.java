package io.github.phpdeploy.deploy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Complaint;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.host.Running;
import io.github.phpdeploy.host.Script;
import io.github.phpdeploy.host.ScriptResult;
import io.github.phpdeploy.release.ReleaseRecord;
import io.github.phpdeploy.release.Site;
import io.github.phpdeploy.release.SiteLock;
import io.github.phpdeploy.transfer.Seed;

/** Makes a complete release fit to go live on one host: what is shared, what is writable, and the user's hooks. */
final class Preparation {

    private static final Script SHARED_CHECK = Script.of(Preparation.class, "shared-check.sh");
    private static final Script PREPARE = Script.of(Preparation.class, "prepare.sh");
    private static final Script HOOK = Script.of(Preparation.class, "hook.sh");

    private static final int NO_SHARED_FILE = 41;
    private static final int NO_SETFACL = 42;

    private final Host host;
    private final String deployPath;
    private final Shared shared;
    private final Writable writable;
    private final DeployLog log;

    private Preparation(Host host, String deployPath, Shared shared, Writable writable, DeployLog log) {
        this.host = host;
        this.deployPath = deployPath;
        this.shared = shared;
        this.writable = writable;
        this.log = log;
    }

    static Preparation on(HostRun run, DeployRequest request, DeployLog log) {
        return new Preparation(run.host(), run.target().deployPath(), request.shared(), request.writable(), log);
    }

    /**
     * Which shared paths are not on the host. Changes nothing.
     *
     * @throws PhpDeployException when a shared file is missing that has no template
     */
    Set<String> missing() {
        if (shared.isEmpty()) {
            return Set.of();
        }
        List<String> paths = shared.paths();
        List<String> arguments = new ArrayList<>(List.of(deployPath));
        arguments.addAll(paths);
        ScriptResult result = host.run(SHARED_CHECK, arguments);
        if (!result.ok()) {
            throw Complaint.of("the shared files in " + deployPath + "/shared could not be looked at", host, result);
        }
        Set<String> missing = new HashSet<>();
        for (String line : result.lines()) {
            if (line.matches("missing [0-9]{1,6}")) {
                missing.add(paths.get(Integer.parseInt(line.substring(8)) - 1));
            }
        }
        for (Shared.File file : shared.files()) {
            if (!missing.contains(file.path())) {
                continue;
            }
            Path template = file.template().orElseThrow(() -> missingFile(file.path()));
            if (!Files.isReadable(template) || !Files.isRegularFile(template)) {
                throw new PhpDeployException(
                        "the shared file " + file.path() + " is missing on " + host.name() + ", and its template "
                                + template + " is no file that can be read",
                        "correct <template>, or put the file at " + deployPath + "/shared/" + file.path()
                                + " on that host");
            }
        }
        return missing;
    }

    private PhpDeployException missingFile(String path) {
        return new PhpDeployException(
                "the shared file " + path + " is missing on " + host.name(),
                "put it at " + deployPath + "/shared/" + path
                        + " there, or name what to make it from: <file><path>" + path
                        + "</path><template>" + path + ".example</template></file>");
    }

    /**
     * Gives what is shared and missing its first content: files from their templates, directories from what the
     * application ships.
     */
    void seed(List<Seed.Item> items) {
        if (!items.isEmpty()) {
            Seed.plant(host, deployPath + "/shared", items);
        }
    }

    /** Links what is shared into the release, makes writable what must be, and writes down that it is ready. */
    void link(Site site, SiteLock lock, ReleaseRecord ready) {
        String release = ready.id();
        List<String> arguments = new ArrayList<>();
        arguments.add(Integer.toString(shared.directories().size()));
        arguments.addAll(shared.directories());
        arguments.add(Integer.toString(shared.files().size()));
        shared.files().forEach(file -> arguments.add(file.path()));
        arguments.add(Integer.toString(writable.directories().size()));
        arguments.addAll(writable.directories());
        arguments.add(writable.mode().orElse(""));
        arguments.addAll(writable.users());
        ScriptResult result = site.mark(lock, ready, PREPARE, arguments);
        if (result.ok()) {
            return;
        }
        throw switch (result.exitCode()) {
            case NO_SHARED_FILE -> missingFile(Printable.line(result.text()));
            case NO_SETFACL ->
                new PhpDeployException(
                        "<writable><acl> needs setfacl, which " + host.name() + " does not have",
                        "install the package acl there, or use <writable><mode>");
            default -> Complaint.of("release " + release + " could not be prepared", host, result);
        };
    }

    /**
     * Runs one of the user's commands.
     *
     * @throws PhpDeployException when it fails or takes too long
     */
    void hook(Hook hook, Hooks hooks, String release, String previous) {
        log.hook(host.name(), hook.command());
        List<String> arguments = List.of(deployPath, release, previous, hook.command());
        String last = "";
        try (Running running = host.start(HOOK, arguments, hooks.limit())) {
            BufferedReader lines = new BufferedReader(new InputStreamReader(running.stdout(), StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                last = line.isBlank() ? last : line;
                log.hookOutput(host.name(), line);
            }
            if (running.isTimedOut()) {
                throw new IOException("time limit");
            }
            ScriptResult result = running.finish();
            if (!result.ok()) {
                throw new PhpDeployException(
                        "the hook \"" + Printable.line(hook.command()) + "\" failed on " + host.name()
                                + " with exit code " + result.exitCode()
                                + (last.isEmpty() ? "" : ": " + Printable.line(last)),
                        "correct what it says, then deploy again");
            }
        } catch (IOException e) {
            throw new PhpDeployException(
                    "the hook \"" + Printable.line(hook.command()) + "\" on " + host.name() + " did not end within "
                            + hooks.limit().toSeconds() + " s, or the connection was lost",
                    "give it more time with -Dphp.hookTimeout=SECONDS",
                    e);
        }
    }
}
