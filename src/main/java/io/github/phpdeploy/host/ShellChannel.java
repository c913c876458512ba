package io.github.phpdeploy.host;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** One command that runs on a host, with its three streams: a local process or an SSH channel. */
public interface ShellChannel extends Closeable {

    /**
     * Where the command reads.
     *
     * @return its standard input; closing it ends that input and nothing else
     */
    OutputStream stdin();

    /**
     * What the command writes.
     *
     * @return its standard output, at its end once the command has closed it
     */
    InputStream stdout();

    /**
     * What the command complains of.
     *
     * @return its standard error
     */
    InputStream stderr();

    /**
     * Waits for the end of the command.
     *
     * @return its exit code; 255 where the host did not say one
     * @throws IOException when the connection is lost before that
     */
    int exitCode() throws IOException;

    /** Lets go of the command at once. It sees its input end and its output refused. */
    @Override
    void close();
}
