package io.github.phpdeploy.host.ssh;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import io.github.phpdeploy.host.RemoteFileException;
import io.github.phpdeploy.host.RemoteFiles.Reply;
import net.schmizz.sshj.sftp.FileAttributes;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Response;

/** Reads files, with many requests under way at a time. */
final class SftpReading {

    /** What every server gives in one answer. */
    private static final int PIECE = 32 * 1024;

    /** How much is on its way at a time, in pieces, or files. */
    private static final int WINDOW = 32;

    /** OpenSSH's SSH_FXF_READ. */
    private static final long READ = 1;

    private final SftpFiles files;

    SftpReading(SftpFiles files) {
        this.files = files;
    }

    private record Opened(String path, Reply<byte[]> handle) {}

    private record Beginning(String path, Reply<byte[]> bytes) {}

    private Opened open(String path) {
        return new Opened(
                path,
                files.open(
                        files.request(PacketType.OPEN)
                                .putString(path, StandardCharsets.UTF_8)
                                .putUInt32(READ)
                                .putFileAttributes(FileAttributes.EMPTY),
                        path));
    }

    /** A piece of a file; empty behind its end. */
    private Reply<byte[]> piece(byte[] handle, String path, long offset, int length) {
        return files.send(
                files.request(PacketType.READ)
                        .putBytes(handle)
                        .putUInt64(offset)
                        .putUInt32(length),
                path,
                response -> {
                    if (response.getType() == PacketType.STATUS) {
                        response.ensureStatusIs(Response.StatusCode.EOF);
                        return new byte[0];
                    }
                    return response.ensurePacketTypeIs(PacketType.DATA).readBytes();
                });
    }

    Map<String, byte[]> read(Collection<String> paths) throws RemoteFileException {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        Deque<Opened> opening = new ArrayDeque<>();
        Deque<Beginning> reading = new ArrayDeque<>();
        for (String path : paths) {
            opening.add(open(path));
            if (opening.size() >= WINDOW) {
                begin(opening.poll(), reading, contents);
            }
        }
        while (!opening.isEmpty()) {
            begin(opening.poll(), reading, contents);
        }
        while (!reading.isEmpty()) {
            finish(reading.poll(), contents);
        }
        return contents;
    }

    private void begin(Opened opened, Deque<Beginning> reading, Map<String, byte[]> contents)
            throws RemoteFileException {
        Optional<byte[]> handle = opened.handle.ifThere();
        if (handle.isPresent()) {
            reading.add(new Beginning(opened.path, piece(handle.get(), opened.path, 0, PIECE)));
            files.close(handle.get(), opened.path);
        }
        if (reading.size() >= WINDOW) {
            finish(reading.poll(), contents);
        }
    }

    private void finish(Beginning beginning, Map<String, byte[]> contents) throws RemoteFileException {
        byte[] bytes = beginning.bytes.get();
        if (bytes.length == PIECE) {
            readEnd(beginning.path, Long.MAX_VALUE).ifPresent(whole -> contents.put(beginning.path, whole));
        } else {
            contents.put(beginning.path, bytes);
        }
    }

    Optional<byte[]> readEnd(String path, long length) throws RemoteFileException {
        Opened opened = open(path);
        Optional<byte[]> handle = opened.handle.ifThere();
        if (handle.isEmpty()) {
            return Optional.empty();
        }
        try {
            long size = files.follow(path).get().size();
            return Optional.of(read(handle.get(), path, Math.max(0, size - length), size));
        } finally {
            files.close(handle.get(), path);
        }
    }

    private byte[] read(byte[] handle, String path, long from, long to) throws RemoteFileException {
        ByteArrayOutputStream out = new ByteArrayOutputStream((int) Math.min(to - from, 1 << 30));
        Deque<Reply<byte[]>> pieces = new ArrayDeque<>();
        long asked = from;
        while (true) {
            while (asked < to && pieces.size() < WINDOW) {
                pieces.add(piece(handle, path, asked, (int) Math.min(PIECE, to - asked)));
                asked += PIECE;
            }
            if (pieces.isEmpty()) {
                return out.toByteArray();
            }
            int expected = (int) Math.min(PIECE, to - from - out.size());
            byte[] bytes = pieces.poll().get();
            out.writeBytes(bytes);
            // a server may give less than was asked for
            for (int have = bytes.length; have < expected; have += bytes.length) {
                bytes = piece(handle, path, from + out.size(), expected - have).get();
                if (bytes.length == 0) {
                    return out.toByteArray();
                }
                out.writeBytes(bytes);
            }
        }
    }
}
