package io.github.phpdeploy.deploy;

import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.NoShellException;
import io.github.phpdeploy.release.SiteState;

/**
 * A host that was connected to, and the way in which it is worked on: by its shell, until it turns out that it has none. That
 * is found out by the first thing that is asked of it, so that hosts with a shell lose no time.
 */
final class Access {

    private static final String FORCED = "php.transfer is sftp";

    private final Target target;
    private final Host host;
    private final ShellUse needs;
    private final Consumer<String> slower;
    private Way way;
    private boolean hasShell;

    /**
     * Access to a host.
     *
     * @param needs what a shell is needed for
     * @param slower hears why files are sent one by one, when they are
     */
    Access(Target target, Host host, ShellUse needs, Consumer<String> slower) {
        this.target = target;
        this.host = host;
        this.needs = needs;
        this.slower = slower;
        this.hasShell = target.transfer() != Transfer.SFTP;
        if (hasShell) {
            way = Way.shell(host, target.deployPath());
        } else {
            needs.refuse(target.name(), FORCED);
            resortToSftp(FORCED);
        }
    }

    Host host() {
        return host;
    }

    Way way() {
        return way;
    }

    /** Asks something of the host first by its shell, and by SFTP where it has none. */
    <T> T ask(Function<Way, T> question) {
        try {
            return question.apply(way);
        } catch (NoShellException noShell) {
            if (!hasShell || target.transfer() != Transfer.AUTO || target.ssh().isEmpty()) {
                throw noShell;
            }
            needs.refuse(target.name(), noShell.what());
            try {
                resortToSftp(noShell.what());
            } catch (PhpDeployException noSftp) {
                // the account may do nothing at all: that it has no shell is what the host said of it
                noShell.addSuppressed(noSftp);
                throw noShell;
            }
            return question.apply(way);
        }
    }

    private void resortToSftp(String why) {
        way = Way.sftp(host, target.deployPath());
        hasShell = false;
        slower.accept(why);
    }

    /**
     * Chooses how what is new is sent, by what the host turned out to have.
     *
     * @return whether that is another way than before
     */
    boolean choose(SiteState state) {
        Set<String> tools = state.tools();
        if (!hasShell || tools.contains("tar") && tools.contains("gzip")) {
            return false;
        }
        String why = target.name() + " has no " + (tools.contains("tar") ? "gzip" : "tar");
        if (target.transfer() == Transfer.STREAM || target.ssh().isEmpty()) {
            throw new PhpDeployException(why + " to unpack a stream with", "install it there");
        }
        way = way.sendingFiles();
        slower.accept(why);
        return true;
    }
}
