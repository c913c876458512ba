package io.github.phpdeploy.host;

import java.util.Locale;

import io.github.phpdeploy.PhpDeployException;

/** Turns a script's failure into an error with a way out, by what the host's tools say of the cause. */
public final class Complaint {

    private Complaint() {}

    /**
     * The error for a script that failed.
     *
     * @param what what could not be done, without the host's name, such as {@code "the release could not be unpacked"}
     * @param host where
     * @param result how the script ended
     * @return the error
     */
    public static PhpDeployException of(String what, Host host, ScriptResult result) {
        String said = result.complaint();
        return new PhpDeployException(
                what + " on " + host.name() + ": " + (said.isEmpty() ? "exit code " + result.exitCode() : said),
                advice(said.toLowerCase(Locale.ROOT), host));
    }

    private static String advice(String said, Host host) {
        if (said.contains("no space left") || said.contains("disk quota")) {
            return "free space or inodes on " + host.name() + " (df -h; df -i), or keep fewer releases with"
                    + " -Dphp.keepReleases";
        }
        if (said.contains("permission denied") || said.contains("operation not permitted")) {
            return "let the account that deploys write there, on " + host.name()
                    + ": all that is in the deploy path must" + " be its own";
        }
        if (said.contains("read-only file system")) {
            return "make the file system on " + host.name() + " writable, or deploy to another php.deployPath";
        }
        if (said.contains("not a directory")) {
            return "correct php.deployPath: something in it is a file, not a directory";
        }
        if (said.contains("not found")) {
            return "install the missing program on " + host.name();
        }
        return "correct the cause on " + host.name() + ", then run this again";
    }
}
