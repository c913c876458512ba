package io.github.phpdeploy.deploy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.release.ReleaseRecord;
import io.github.phpdeploy.release.Site;
import io.github.phpdeploy.transfer.Seed;

/** Makes a complete release fit to go live on one host: what is shared, what is writable, and the user's hooks. */
final class Preparation {

    private final HostRun run;
    private final DeployRequest request;
    private final DeployLog log;

    private Preparation(HostRun run, DeployRequest request, DeployLog log) {
        this.run = run;
        this.request = request;
        this.log = log;
    }

    static Preparation on(HostRun run, DeployRequest request, DeployLog log) {
        return new Preparation(run, request, log);
    }

    /**
     * Which shared paths are not on the host. Changes nothing.
     *
     * @throws PhpDeployException when a shared file is missing that has no template
     */
    Set<String> missing() {
        Shared shared = request.shared();
        if (shared.isEmpty()) {
            return Set.of();
        }
        Set<String> missing = run.workshop().missing(shared.paths());
        for (Shared.File file : shared.files()) {
            if (!missing.contains(file.path())) {
                continue;
            }
            Path template = file.template().orElseThrow(() -> missingFile(run.site(), file.path()));
            if (!Files.isReadable(template) || !Files.isRegularFile(template)) {
                throw new PhpDeployException(
                        "the shared file " + file.path() + " is missing on " + run.name() + ", and its template "
                                + template + " is no file that can be read",
                        "correct <template>, or put the file at " + run.site().path() + "/shared/" + file.path()
                                + " on that host");
            }
        }
        return missing;
    }

    static PhpDeployException missingFile(Site site, String path) {
        return new PhpDeployException(
                "the shared file " + path + " is missing on " + site.host().name(),
                "put it at " + site.path() + "/shared/" + path
                        + " there, or name what to make it from: <file><path>" + path
                        + "</path><template>" + path + ".example</template></file>");
    }

    /**
     * Gives what is shared and missing its first content: files from their templates, directories from what the
     * application ships.
     */
    void seed(List<Seed.Item> items) {
        if (!items.isEmpty()) {
            run.trees().plant("shared", items);
        }
    }

    /** Links what is shared into the release, makes writable what must be, and writes down that it is ready. */
    void link(ReleaseRecord ready) {
        run.workshop().prepare(run.lock(), ready, request.shared(), request.writable());
    }

    /**
     * Runs one of the user's commands.
     *
     * @throws PhpDeployException when it fails or takes too long
     */
    void hook(Hook hook, String release) {
        run.workshop().hook(hook, request.hooks(), release, run.previous(), log);
    }
}
