package io.github.phpdeploy.host.ssh;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.phpdeploy.host.RemoteFile;
import io.github.phpdeploy.host.RemoteFileException;
import io.github.phpdeploy.host.RemoteFiles.Reply;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.sftp.FileAttributes;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.SFTPException;

/** Lists many directories at a time: while some are being opened, others are being read. */
final class SftpListing {

    /** How many directories are being opened, and how many read; servers allow some hundred open handles. */
    private static final int WINDOW = 48;

    private final SftpFiles files;
    private final Deque<Opened> opening = new ArrayDeque<>();
    private final Deque<Reading> reading = new ArrayDeque<>();
    private final Map<String, List<RemoteFile>> listed = new LinkedHashMap<>();

    SftpListing(SftpFiles files) {
        this.files = files;
    }

    private record Opened(String path, Reply<byte[]> handle) {}

    /** A directory that is being read: one page is on its way, and another behind it; a page is null at the end. */
    private record Reading(String path, byte[] handle, Reply<List<RemoteFile>> first, Reply<List<RemoteFile>> second) {}

    Map<String, List<RemoteFile>> list(Collection<String> directories) throws RemoteFileException {
        for (String path : directories) {
            opening.add(new Opened(
                    path, files.open(files.request(PacketType.OPENDIR).putString(path, StandardCharsets.UTF_8), path)));
            if (opening.size() >= WINDOW) {
                begin(opening.poll());
            }
        }
        while (!opening.isEmpty()) {
            begin(opening.poll());
        }
        while (!reading.isEmpty()) {
            finish(reading.poll());
        }
        return listed;
    }

    private void begin(Opened opened) throws RemoteFileException {
        Optional<byte[]> handle = opened.handle.ifThere();
        if (handle.isPresent()) {
            String path = opened.path;
            reading.add(new Reading(path, handle.get(), page(handle.get(), path), page(handle.get(), path)));
        }
        if (reading.size() >= WINDOW) {
            finish(reading.poll());
        }
    }

    private void finish(Reading directory) throws RemoteFileException {
        List<RemoteFile> entries = new ArrayList<>();
        Deque<Reply<List<RemoteFile>>> pages = new ArrayDeque<>(List.of(directory.first, directory.second));
        while (true) {
            List<RemoteFile> page = pages.poll().get();
            if (page == null) {
                break;
            }
            entries.addAll(page);
            pages.add(page(directory.handle, directory.path));
        }
        files.close(directory.handle, directory.path);
        listed.put(directory.path, entries);
    }

    private Reply<List<RemoteFile>> page(byte[] handle, String path) {
        return files.send(files.request(PacketType.READDIR).putBytes(handle), path, SftpListing::entries);
    }

    private static List<RemoteFile> entries(Response response) throws SFTPException, Buffer.BufferException {
        if (response.getType() == PacketType.STATUS) {
            response.ensureStatusIs(Response.StatusCode.EOF);
            return null;
        }
        response.ensurePacketTypeIs(PacketType.NAME);
        long count = response.readUInt32();
        List<RemoteFile> entries = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            String name = response.readString(StandardCharsets.UTF_8);
            // what "ls -l" would print
            response.readString();
            FileAttributes attributes = response.readFileAttributes();
            if (!name.equals(".") && !name.equals("..")) {
                entries.add(SftpFiles.file(name, attributes));
            }
        }
        return entries;
    }
}
