package io.github.phpdeploy.host.ssh;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import net.schmizz.sshj.common.Buffer;

/**
 * Asks an {@code ssh-agent} for its keys and signatures: draft-ietf-sshm-ssh-agent, messages 11 to 14. Speaks over the
 * Unix socket that {@code SSH_AUTH_SOCK} names or, on Windows, over OpenSSH's named pipe.
 */
final class AgentClient implements Closeable {

    private static final byte REQUEST_IDENTITIES = 11;
    private static final byte IDENTITIES_ANSWER = 12;
    private static final byte SIGN_REQUEST = 13;
    private static final byte SIGN_RESPONSE = 14;

    /** OpenSSH's own bound on a message to or from the agent, in bytes. */
    private static final int MAX_MESSAGE = 256 * 1024;

    private static final Path WINDOWS_PIPE = Path.of("\\\\.\\pipe\\openssh-ssh-agent");

    /** A key that the agent holds: its public half in SSH's wire format. */
    record Identity(byte[] key, String comment) {}

    private final ByteChannel channel;

    private AgentClient(ByteChannel channel) {
        this.channel = channel;
    }

    /** Connects to the agent that the environment names; empty where there is none or it does not answer. */
    static Optional<AgentClient> connect(Map<String, String> environment) {
        try {
            String socket = environment.get("SSH_AUTH_SOCK");
            if (socket != null && !socket.isBlank() && !socket.startsWith("\\\\.\\pipe\\")) {
                return Optional.of(new AgentClient(SocketChannel.open(UnixDomainSocketAddress.of(socket))));
            }
            boolean windows = System.getProperty("os.name").startsWith("Windows");
            Path pipe = socket != null && !socket.isBlank() ? Path.of(socket) : WINDOWS_PIPE;
            if (windows && Files.exists(pipe)) {
                @SuppressWarnings("resource") // closing the channel closes the file
                RandomAccessFile file = new RandomAccessFile(pipe.toFile(), "rw");
                return Optional.of(new AgentClient(file.getChannel()));
            }
        } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
            // an agent that is gone is as good as none: the next way to authenticate is tried
        }
        return Optional.empty();
    }

    /** The keys that the agent holds. */
    List<Identity> identities() throws IOException {
        Buffer.PlainBuffer answer = ask(new Buffer.PlainBuffer().putByte(REQUEST_IDENTITIES), IDENTITIES_ANSWER);
        try {
            long count = answer.readUInt32();
            List<Identity> identities = new ArrayList<>();
            for (long i = 0; i < count; i++) {
                identities.add(new Identity(answer.readStringAsBytes(), answer.readString()));
            }
            return identities;
        } catch (Buffer.BufferException e) {
            throw new IOException("the agent's answer is cut short", e);
        }
    }

    /**
     * Has the agent sign.
     *
     * @param key which key, in SSH's wire format
     * @param data what to sign
     * @param flags 0, or 2 and 4 for RSA with SHA-256 and SHA-512
     * @return the signature in SSH's wire format
     */
    byte[] sign(byte[] key, byte[] data, int flags) throws IOException {
        Buffer.PlainBuffer request = new Buffer.PlainBuffer()
                .putByte(SIGN_REQUEST)
                .putBytes(key)
                .putBytes(data)
                .putUInt32(flags);
        try {
            return ask(request, SIGN_RESPONSE).readStringAsBytes();
        } catch (Buffer.BufferException e) {
            throw new IOException("the agent's answer is cut short", e);
        }
    }

    private Buffer.PlainBuffer ask(Buffer.PlainBuffer request, byte expected) throws IOException {
        byte[] body = request.getCompactData();
        ByteBuffer out = ByteBuffer.allocate(4 + body.length)
                .putInt(body.length)
                .put(body)
                .flip();
        while (out.hasRemaining()) {
            channel.write(out);
        }
        int length = read(4).getInt();
        if (length < 1 || length > MAX_MESSAGE) {
            throw new IOException("the agent sent a message of " + length + " bytes");
        }
        ByteBuffer answer = read(length);
        byte type = answer.get();
        if (type != expected) {
            throw new IOException("the agent refused (message " + type + ")");
        }
        byte[] rest = new byte[answer.remaining()];
        answer.get(rest);
        return new Buffer.PlainBuffer(rest);
    }

    private ByteBuffer read(int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new IOException("the agent hung up");
            }
        }
        return buffer.flip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
