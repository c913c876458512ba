package io.github.phpdeploy.deploy;

/** Where words go. */
public interface LogSink {

    /** Something worth knowing. */
    void info(String line);

    /** Something to look at. */
    void warn(String line);

    /** Something for who wants to know everything. */
    void debug(String line);

    /**
     * Something that is true only for a moment: replaces the moment before on a terminal.
     *
     * @param line the line; empty to take the last one away
     */
    void moment(String line);

    /**
     * Whether moments are seen as they pass.
     *
     * @return true on a terminal
     */
    boolean isLive();
}
