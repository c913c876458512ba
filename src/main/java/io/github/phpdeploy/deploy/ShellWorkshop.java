package io.github.phpdeploy.deploy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
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
import io.github.phpdeploy.release.ShellSite;
import io.github.phpdeploy.release.SiteLock;
import io.github.phpdeploy.runtime.Preview;

/** Works on a release by scripts. */
final class ShellWorkshop implements Workshop {

    private static final Script SHARED_CHECK = Script.of(ShellWorkshop.class, "shared-check.sh");
    private static final Script PREPARE = Script.of(ShellWorkshop.class, "prepare.sh");

    private static final int NO_SHARED_FILE = 41;
    private static final int NO_SETFACL = 42;

    private final ShellSite site;
    private final Host host;

    ShellWorkshop(ShellSite site) {
        this.site = site;
        this.host = site.host();
    }

    @Override
    public Set<String> missing(List<String> paths) {
        List<String> arguments = new ArrayList<>(List.of(site.path()));
        arguments.addAll(paths);
        ScriptResult result = host.run(SHARED_CHECK, arguments);
        if (!result.ok()) {
            throw Complaint.of("the shared files in " + site.path() + "/shared could not be looked at", host, result);
        }
        Set<String> missing = new HashSet<>();
        for (String line : result.lines()) {
            if (line.matches("missing [0-9]{1,6}")) {
                missing.add(paths.get(Integer.parseInt(line.substring(8)) - 1));
            }
        }
        return missing;
    }

    @Override
    public void prepare(SiteLock lock, ReleaseRecord ready, Shared shared, Writable writable) {
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
            case NO_SHARED_FILE -> Preparation.missingFile(site, Printable.line(result.text()));
            case NO_SETFACL ->
                new PhpDeployException(
                        "<writable><acl> needs setfacl, which " + host.name() + " does not have",
                        "install the package acl there, or use <writable><mode>");
            default -> Complaint.of("release " + ready.id() + " could not be prepared", host, result);
        };
    }

    /**
     * Runs one of the user's commands.
     *
     * @throws PhpDeployException when it fails or takes too long
     */
    @Override
    public void hook(Hook hook, Hooks hooks, String release, String previous, DeployLog log) {
        log.hook(host.name(), hook.command());
        List<String> arguments = List.of(site.path(), release, previous, hook.command());
        String last = "";
        try (Running running = host.start(Preview.IN_RELEASE, arguments, hooks.limit())) {
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
