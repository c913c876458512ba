package io.github.phpdeploy.host.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.RemoteFile;
import io.github.phpdeploy.host.RemoteFileException;
import io.github.phpdeploy.host.RemoteFiles;
import net.schmizz.concurrent.Promise;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.sftp.FileAttributes;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Request;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.SFTPEngine;
import net.schmizz.sshj.sftp.SFTPException;

/**
 * SFTP, version 3 with OpenSSH's extensions: draft-ietf-secsh-filexfer-02 and OpenSSH's PROTOCOL, section 4. sshj's own client
 * waits for each answer; here many requests are under way at a time.
 */
final class SftpFiles implements RemoteFiles {

    private static final String HARD_LINK = "hardlink@openssh.com";
    private static final String REPLACE = "posix-rename@openssh.com";
    private static final String SPACE = "statvfs@openssh.com";

    /** How long a slow disk may take; a dead connection is noticed long before. */
    private static final long ANSWER_MINUTES = 10;

    private final String host;
    private final SFTPEngine engine;
    private final AtomicLong sent = new AtomicLong();

    SftpFiles(String host, SFTPEngine engine) {
        this.host = host;
        this.engine = engine;
    }

    /** Makes sense of an answer. */
    interface Reader<T> {
        T read(Response response) throws SFTPException, Buffer.BufferException;
    }

    Request request(PacketType type) {
        return engine.newRequest(type);
    }

    private Request request(PacketType type, String path) {
        return text(engine.newRequest(type), path);
    }

    private static Request text(Request request, String text) {
        return request.putString(text, StandardCharsets.UTF_8);
    }

    /** Sends a request; its answer may be waited for, or not. */
    <T> Reply<T> send(Request request, String path, Reader<T> reader) {
        Promise<Response, SFTPException> promise;
        sent.addAndGet(request.available());
        try {
            promise = engine.request(request);
        } catch (IOException e) {
            throw lost(e);
        }
        return () -> {
            try {
                return reader.read(promise.retrieve(ANSWER_MINUTES, TimeUnit.MINUTES));
            } catch (SFTPException e) {
                throw refused(path, e);
            } catch (Buffer.BufferException e) {
                throw lost(e);
            }
        };
    }

    private RemoteFileException refused(String path, SFTPException e) {
        return new RemoteFileException(
                path,
                switch (e.getStatusCode()) {
                    case NO_SUCH_FILE, NO_SUCH_PATH -> RemoteFileException.Reason.MISSING;
                    case PERMISSION_DENIED -> RemoteFileException.Reason.DENIED;
                    case OP_UNSUPPORTED -> RemoteFileException.Reason.UNSUPPORTED;
                    // not the host's answer but sshj's complaint: there is none
                    case UNKNOWN, NO_CONNECTION, CONNECITON_LOST -> throw lost(e);
                    default -> RemoteFileException.Reason.FAILED;
                },
                e.getMessage());
    }

    private PhpDeployException lost(Exception e) {
        return new PhpDeployException(
                "the connection to " + host + " was lost while its files were worked on",
                "check the network between here and " + host + ", then run this again",
                e);
    }

    private Reply<Void> done(Request request, String path) {
        return send(request, path, SftpFiles::nothing);
    }

    static Void nothing(Response response) throws SFTPException {
        response.ensureStatusPacketIsOK();
        return null;
    }

    @Override
    public boolean can(Ability ability) {
        return switch (ability) {
            case HARD_LINK -> supports(HARD_LINK, "1");
            case REPLACE -> supports(REPLACE, "1");
            case SPACE -> supports(SPACE, "2");
        };
    }

    private boolean supports(String extension, String version) {
        String domain = extension.substring(extension.indexOf('@') + 1);
        String name = extension.substring(0, extension.indexOf('@'));
        return version.equals(engine.getServerExtensionData(name, domain));
    }

    static RemoteFile file(String name, FileAttributes attributes) {
        RemoteFile.Kind kind = switch (attributes.getType()) {
            case REGULAR -> RemoteFile.Kind.FILE;
            case DIRECTORY -> RemoteFile.Kind.DIRECTORY;
            case SYMLINK -> RemoteFile.Kind.LINK;
            default -> RemoteFile.Kind.OTHER;
        };
        return new RemoteFile(
                name, kind, attributes.getMode().getPermissionsMask(), attributes.getSize(), attributes.getMtime());
    }

    @Override
    public Reply<RemoteFile> look(String path) {
        return attributes(PacketType.LSTAT, path);
    }

    @Override
    public Reply<RemoteFile> follow(String path) {
        return attributes(PacketType.STAT, path);
    }

    private Reply<RemoteFile> attributes(PacketType type, String path) {
        return send(
                request(type, path),
                path,
                response ->
                        file(path, response.ensurePacketTypeIs(PacketType.ATTRS).readFileAttributes()));
    }

    @Override
    public Reply<String> readLink(String path) {
        return send(request(PacketType.READLINK, path), path, response -> {
            response.ensurePacketTypeIs(PacketType.NAME).readUInt32();
            return response.readString(StandardCharsets.UTF_8);
        });
    }

    static FileAttributes mode(int mode) {
        return new FileAttributes.Builder().withPermissions(mode).build();
    }

    @Override
    public Reply<Void> makeDirectory(String path, int mode) {
        return done(request(PacketType.MKDIR, path).putFileAttributes(mode(mode)), path);
    }

    @Override
    public Reply<Void> setMode(String path, int mode) {
        return done(request(PacketType.SETSTAT, path).putFileAttributes(mode(mode)), path);
    }

    @Override
    public Reply<Void> hardLink(String existing, String path) {
        return done(text(text(engine.newExtendedRequest(HARD_LINK), existing), path), path);
    }

    /** OpenSSH has the target first, against the draft, and so have those who want to get along with it. */
    @Override
    public Reply<Void> symbolicLink(String target, String path) {
        return done(text(request(PacketType.SYMLINK, target), path), path);
    }

    @Override
    public Reply<Void> rename(String from, String to) {
        return done(text(request(PacketType.RENAME, from), to), to);
    }

    @Override
    public Reply<Void> replace(String from, String to) {
        return done(text(text(engine.newExtendedRequest(REPLACE), from), to), to);
    }

    @Override
    public Reply<Void> remove(String path) {
        return done(request(PacketType.REMOVE, path), path);
    }

    @Override
    public Reply<Void> removeDirectory(String path) {
        return done(request(PacketType.RMDIR, path), path);
    }

    @Override
    public Reply<Space> space(String path) {
        return send(text(engine.newExtendedRequest(SPACE), path), path, response -> {
            response.ensurePacketTypeIs(PacketType.EXTENDED_REPLY).readUInt64();
            long fragment = response.readUInt64();
            response.readUInt64AsBigInteger();
            response.readUInt64AsBigInteger();
            long available = response.readUInt64AsBigInteger().longValue();
            response.readUInt64AsBigInteger();
            response.readUInt64AsBigInteger();
            long inodes = response.readUInt64AsBigInteger().longValue();
            return new Space(
                    Math.multiplyHigh(available, fragment) != 0 ? Long.MAX_VALUE : available * fragment / 1024, inodes);
        });
    }

    @Override
    public Map<String, List<RemoteFile>> list(Collection<String> directories) throws RemoteFileException {
        return new SftpListing(this).list(directories);
    }

    @Override
    public Map<String, byte[]> read(Collection<String> paths) throws RemoteFileException {
        return new SftpReading(this).read(paths);
    }

    @Override
    public Optional<byte[]> readEnd(String path, long length) throws RemoteFileException {
        return new SftpReading(this).readEnd(path, length);
    }

    @Override
    public void write(Iterable<NewFile> files, Written written) throws IOException {
        new SftpWriting(this).write(files, written);
    }

    /** Opens a file or a directory; the answer is its handle. */
    Reply<byte[]> open(Request request, String path) {
        return send(
                request,
                path,
                response -> response.ensurePacketTypeIs(PacketType.HANDLE).readBytes());
    }

    /** Lets go of a handle. Whether that went well matters to those who have written. */
    Reply<Void> close(byte[] handle, String path) {
        return done(request(PacketType.CLOSE).putBytes(handle), path);
    }

    @Override
    public long sent() {
        return sent.get();
    }

    @Override
    public void close() {
        try {
            engine.close();
        } catch (IOException ignored) {
            // gone is gone
        }
    }
}
