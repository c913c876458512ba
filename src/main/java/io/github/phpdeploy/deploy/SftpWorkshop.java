package io.github.phpdeploy.deploy;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.RemoteFile;
import io.github.phpdeploy.host.RemoteFileException;
import io.github.phpdeploy.host.RemoteFiles;
import io.github.phpdeploy.host.RemoteTrees;
import io.github.phpdeploy.release.ReleaseRecord;
import io.github.phpdeploy.release.SftpSite;
import io.github.phpdeploy.release.SiteLock;

/** Works on a release by files alone, as {@code prepare.sh} does. */
final class SftpWorkshop implements Workshop {

    private final SftpSite site;
    private final RemoteFiles files;
    private final RemoteTrees trees;

    SftpWorkshop(SftpSite site, RemoteFiles files) {
        this.site = site;
        this.files = files;
        this.trees = new RemoteTrees(files);
    }

    @Override
    public Set<String> missing(List<String> paths) {
        Map<String, RemoteFiles.Reply<RemoteFile>> looks = new LinkedHashMap<>();
        paths.forEach(path -> looks.put(path, files.follow(shared(path))));
        Set<String> missing = new HashSet<>();
        try {
            for (Map.Entry<String, RemoteFiles.Reply<RemoteFile>> look : looks.entrySet()) {
                if (look.getValue().ifThere().isEmpty()) {
                    missing.add(look.getKey());
                }
            }
        } catch (RemoteFileException e) {
            throw e.explained("the shared files in " + site.path() + "/shared could not be looked at", site.host());
        }
        return missing;
    }

    private String shared(String path) {
        return site.path() + "/shared/" + path;
    }

    @Override
    public void prepare(SiteLock lock, ReleaseRecord ready, Shared shared, Writable writable) {
        site.guard(lock);
        String release = site.path() + "/releases/" + ready.id();
        try {
            for (String path : shared.directories()) {
                trees.make(shared(path));
                link(release, path);
            }
            for (Shared.File file : shared.files()) {
                if (files.follow(shared(file.path())).ifThere().isEmpty()) {
                    throw Preparation.missingFile(site, file.path());
                }
                link(release, file.path());
            }
            for (String path : writable.directories()) {
                makeWritable(release + "/" + path, writable);
            }
        } catch (RemoteFileException e) {
            throw e.explained("release " + ready.id() + " could not be prepared", site.host());
        }
        site.mark(lock, ready);
    }

    /** A path in the release becomes a link to the same path under {@code shared/}. */
    private void link(String release, String path) throws RemoteFileException {
        String at = release + "/" + path;
        trees.make(at.substring(0, at.lastIndexOf('/')));
        trees.remove(List.of(at));
        String up = "../".repeat((int) path.chars().filter(c -> c == '/').count());
        files.symbolicLink("../../" + up + "shared/" + path, at).get();
    }

    private void makeWritable(String directory, Writable writable) throws RemoteFileException {
        trees.make(directory);
        if (writable.mode().isPresent()) {
            int mode = Integer.parseInt(writable.mode().get(), 8);
            // somebody else's directory may have the right mode already, and could not be changed
            if (files.follow(directory).get().mode() != mode) {
                files.setMode(directory, mode).get();
            }
        }
    }

    /** Nobody should come here: a deploy with hooks is refused before it begins. */
    @Override
    public void hook(Hook hook, Hooks hooks, String release, String previous, DeployLog log) {
        throw new PhpDeployException(
                "the hook \"" + hook.command() + "\" cannot be run on "
                        + site.host().name() + ", which allows nothing but SFTP",
                "leave <hooks> out, or give the account a shell");
    }
}
