package io.github.phpdeploy.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.github.phpdeploy.archive.Application;
import io.github.phpdeploy.transfer.Seed;
import io.github.phpdeploy.transfer.TreeFile;

/** What shared paths that are missing on a host get as their first content. */
final class SharedSeeds {

    private SharedSeeds() {}

    static List<Seed.Item> of(DeployRequest request, Set<String> missing) {
        List<Seed.Item> items = new ArrayList<>();
        for (Shared.File file : request.shared().files()) {
            if (missing.contains(file.path())) {
                items.addAll(parents(file.path()));
                items.add(new Seed.Item(
                        TreeFile.file(file.path(), false, file.template().orElseThrow()), true));
            }
        }
        List<String> directories = request.shared().directories().stream()
                .filter(missing::contains)
                .toList();
        if (!directories.isEmpty()) {
            Application.scan(request.application(), Reading.selection(request, List.of())).stream()
                    .filter(file -> directories.stream()
                            .anyMatch(directory -> file.path().startsWith(directory + "/")))
                    .map(file -> new Seed.Item(Reading.treeFile(file), false))
                    .forEach(items::add);
        }
        return items;
    }

    private static List<Seed.Item> parents(String path) {
        List<Seed.Item> parents = new ArrayList<>();
        for (int end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
            parents.add(new Seed.Item(TreeFile.directory(path.substring(0, end)), false));
        }
        return parents;
    }
}
