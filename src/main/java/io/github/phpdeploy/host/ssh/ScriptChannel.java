package io.github.phpdeploy.host.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

import io.github.phpdeploy.host.ShellChannel;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.connection.Connection;
import net.schmizz.sshj.connection.channel.direct.SessionChannel;
import net.schmizz.sshj.transport.TransportException;

/** An SSH session that runs one command: RFC 4254, section 6.5. */
final class ScriptChannel extends SessionChannel {

    private final ShellChannel shell = new AsShell();

    private ScriptChannel(Connection connection) {
        super(connection);
    }

    /**
     * Opens a session and has it run a command. Does not wait for the host's word on the command: what is written
     * follows at once, and a refusal shows as the end of the output.
     */
    static ShellChannel run(Connection connection, String command) throws IOException {
        ScriptChannel channel = new ScriptChannel(connection);
        channel.open();
        channel.sendChannelRequest("exec", true, new Buffer.PlainBuffer().putString(command));
        return channel.shell;
    }

    /** A host that runs no commands refuses the request and leaves the channel open: nothing will ever come. */
    @Override
    public void handle(Message message, SSHPacket packet) throws SSHException {
        super.handle(message, packet);
        if (message == Message.CHANNEL_FAILURE) {
            notifyClosed();
            letGo();
        }
    }

    private void letGo() {
        if (isOpen()) {
            try {
                sendClose();
            } catch (TransportException ignored) {
                // the connection is gone, and the channel with it
            }
            notifyClosed();
        }
    }

    /** Wakes whoever reads: sshj does so only when the host confirms, which it may never do. */
    private void notifyClosed() {
        closeAllStreams();
    }

    private final class AsShell implements ShellChannel {

        @Override
        public OutputStream stdin() {
            return getOutputStream();
        }

        @Override
        public InputStream stdout() {
            return getInputStream();
        }

        @Override
        public InputStream stderr() {
            return getErrorStream();
        }

        @Override
        public int exitCode() throws IOException {
            join();
            Integer status = getExitStatus();
            return status == null ? 255 : status;
        }

        @Override
        public void close() {
            letGo();
        }
    }
}
