package io.github.phpdeploy.mojo;

import java.io.PrintStream;

import io.github.phpdeploy.deploy.LogSink;
import org.apache.maven.plugin.logging.Log;

/** Puts words on Maven's log and, on a terminal, moments on its last line. Safe for several threads. */
final class MavenSink implements LogSink {

    private static final String ERASE_LINE = "\r\u001b[K";

    private final Log log;
    private final PrintStream terminal;
    private final boolean live;
    private boolean dirty;

    MavenSink(Log log, boolean live, PrintStream terminal) {
        this.log = log;
        this.live = live && log.isInfoEnabled();
        this.terminal = terminal;
    }

    @Override
    public synchronized void info(String line) {
        moment("");
        log.info(line);
    }

    @Override
    public synchronized void warn(String line) {
        moment("");
        log.warn(line);
    }

    @Override
    public synchronized void debug(String line) {
        if (log.isDebugEnabled()) {
            moment("");
            log.debug(line);
        }
    }

    @Override
    public synchronized void moment(String line) {
        if (live && (dirty || !line.isEmpty())) {
            terminal.print(ERASE_LINE + line);
            terminal.flush();
            dirty = !line.isEmpty();
        }
    }

    @Override
    public boolean isLive() {
        return live;
    }
}
