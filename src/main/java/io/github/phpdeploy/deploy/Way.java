package io.github.phpdeploy.deploy;

import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.RemoteFiles;
import io.github.phpdeploy.release.SftpSite;
import io.github.phpdeploy.release.ShellSite;
import io.github.phpdeploy.release.Site;
import io.github.phpdeploy.transfer.ReleaseTrees;
import io.github.phpdeploy.transfer.SftpTrees;
import io.github.phpdeploy.transfer.StreamedTrees;

/**
 * How one host is worked on. Scripts need a shell there; SFTP needs nothing, is slower, and runs nothing.
 *
 * @param site its releases, and the lock
 * @param trees how new ones get there
 * @param workshop how they are made fit to go live
 */
record Way(Site site, ReleaseTrees trees, Workshop workshop) {

    /** By scripts. */
    static Way shell(Host host, String deployPath) {
        ShellSite site = new ShellSite(host, deployPath);
        return new Way(site, new StreamedTrees(host, deployPath), new ShellWorkshop(site));
    }

    /** By SFTP alone. */
    static Way sftp(Host host, String deployPath) {
        RemoteFiles files = host.files();
        SftpSite site = new SftpSite(host, files, deployPath);
        return new Way(site, new SftpTrees(host, files, deployPath), new SftpWorkshop(site, files));
    }

    /** By scripts, but for what is sent: the host cannot unpack a stream. */
    Way sendingFiles() {
        return new Way(site, new SftpTrees(site.host(), site.host().files(), site.path()), workshop);
    }
}
