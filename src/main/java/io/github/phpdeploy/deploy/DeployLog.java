package io.github.phpdeploy.deploy;

import java.util.List;

import io.github.phpdeploy.transfer.UploadReport;

/**
 * What happens during a deploy, as events. Called from several threads, for several hosts at a time. Nothing that it
 * hears holds a secret; what a host said is made printable by whoever prints it.
 */
public interface DeployLog {

    /** A deploy, a rollback or a plan begins. */
    void begin(String what, List<String> hosts);

    /** A host let us in. */
    void connected(String host, long millis);

    /** What is new will be sent file by file, which is slower than one stream. */
    void sendingFiles(String host, String why);

    /** Somebody else has the lock, and we wait. */
    void waitingForLock(String host, String holder);

    /** Remains of a deploy that did not end were found; they are in nobody's way and will go. */
    void remains(String host, String what);

    /** Something is not as it should be, but nobody is harmed. */
    void warning(String host, String what);

    /** The application changed while it was sent, and is read once more. */
    void readingAgain(String why);

    /** An upload begins. */
    void uploading(String host, String release, int files, long bytes, int reused, String base);

    /** An upload goes on: files and bytes of content sent so far, bytes as they travelled. */
    void uploadProgress(String host, int files, int filesToSend, long bytes, long bytesToSend, long wire);

    /** An upload ended. */
    void uploaded(String host, UploadReport report, long millis);

    /** A command of the user's begins. */
    void hook(String host, String command);

    /** A command of the user's says something. */
    void hookOutput(String host, String line);

    /** Hosts that are to serve the same release do not. */
    void drift(String what);

    /** All hosts are ready; from here on things are switched. */
    void barrier(String release, int hosts);

    /** The next hosts are switched. */
    void batch(int number, int of, List<String> hosts);

    /** A release became current. */
    void activated(String host, String release);

    /** How the runtime will be brought to run another release, and why so. */
    void way(String host, String way);

    /** The runtime has tried a release that is not current yet. */
    void previewed(String host, String release, String seen);

    /** The runtime was reloaded. */
    void reloaded(String host, String how, long millis);

    /** The site is healthy. */
    void healthy(String host, int attempts, long millis);

    /** The runtime has shown which release it executes. */
    void proved(String host, String seen);

    /** What was done is being undone. */
    void undoing(String host, String why);

    /** A host serves again what it served before; empty for nothing. */
    void undone(String host, String current);

    /** Undoing failed. */
    void undoFailed(String host, String why);

    /** Outdated releases were removed. */
    void removed(String host, List<String> releases);

    /** An outdated release is still used and stays. */
    void stillUsed(String host, String release, String process);

    /** What would be done on a host. */
    void plan(String host, List<String> steps);

    /** How it ended. */
    void end(DeployResult result);
}
