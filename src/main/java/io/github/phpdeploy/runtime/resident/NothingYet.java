package io.github.phpdeploy.runtime.resident;

import java.util.List;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.runtime.Generation;
import io.github.phpdeploy.runtime.Runtime;

/**
 * A site that was never deployed, and a server that is not there.
 *
 * @param title what the server is called
 * @param absence why there is none
 */
public record NothingYet(String title, PhpDeployException absence) implements Runtime.Service {

    @Override
    public String way() {
        return "reload nothing, because nothing has been deployed here and " + title + " does not run yet";
    }

    @Override
    public List<String> warnings() {
        return List.of(absence.what() + "; start the server when this first deploy is done");
    }

    @Override
    public Generation reload() {
        return Generation.none("nothing ran that could be reloaded");
    }

    @Override
    public String await(Generation old) {
        return old.how();
    }
}
