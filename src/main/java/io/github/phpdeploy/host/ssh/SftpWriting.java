package io.github.phpdeploy.host.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import io.github.phpdeploy.host.RemoteFileException;
import io.github.phpdeploy.host.RemoteFiles.NewFile;
import io.github.phpdeploy.host.RemoteFiles.Reply;
import io.github.phpdeploy.host.RemoteFiles.Written;
import net.schmizz.sshj.sftp.FileAttributes;
import net.schmizz.sshj.sftp.PacketType;

/** Writes files, with many requests under way at a time: while some are being opened, others are being written. */
final class SftpWriting {

    /** How many files are being opened at a time. */
    private static final int WINDOW = 48;

    /** What every server takes in one request. */
    private static final int PIECE = 32 * 1024;

    /** How much content is on its way at a time: little, so that what others ask, such as the lock, does not wait long. */
    private static final int UNDER_WAY = 1024 * 1024;

    /** The flags of SSH_FXP_OPEN. */
    private static final long WRITE = 2;

    private static final long APPEND = 4;
    private static final long CREATE = 8;
    private static final long TRUNCATE = 16;
    private static final long EXCLUSIVE = 32;

    private final SftpFiles files;
    private final byte[] buffer = new byte[PIECE];
    private final Deque<Opened> opening = new ArrayDeque<>();
    private final Deque<Closing> closing = new ArrayDeque<>();
    private int underWay;
    private NewFile failed;

    SftpWriting(SftpFiles files) {
        this.files = files;
    }

    private record Opened(NewFile file, Reply<byte[]> handle) {}

    /** Requests that were sent for a file, of which the last is awaited; and how much content went with them. */
    private record Closing(NewFile file, Deque<Reply<Void>> replies, boolean last, int bytes) {}

    void write(Iterable<NewFile> all, Written written) throws IOException {
        for (NewFile file : all) {
            opening.add(new Opened(file, open(file)));
            if (opening.size() >= WINDOW) {
                send(opening.poll(), written);
            }
        }
        while (!opening.isEmpty()) {
            send(opening.poll(), written);
        }
        while (!closing.isEmpty()) {
            settle(written);
        }
    }

    private Reply<byte[]> open(NewFile file) {
        long flags = WRITE
                | switch (file.opening()) {
                    case NEW -> CREATE | EXCLUSIVE;
                    case EXISTING -> 0;
                    case ANEW -> CREATE | TRUNCATE;
                    case APPEND -> CREATE | APPEND;
                };
        return files.open(
                files.request(PacketType.OPEN)
                        .putString(file.path(), StandardCharsets.UTF_8)
                        .putUInt32(flags)
                        .putFileAttributes(SftpFiles.mode(file.mode())),
                file.path());
    }

    private void send(Opened opened, Written written) throws IOException {
        NewFile file = opened.file;
        byte[] handle;
        try {
            handle = opened.handle.get();
        } catch (RemoteFileException e) {
            written.file(file, e);
            return;
        }
        Deque<Reply<Void>> replies = new ArrayDeque<>();
        try (InputStream in = file.content().open()) {
            long offset = 0;
            for (int n = in.readNBytes(buffer, 0, PIECE); n > 0; n = in.readNBytes(buffer, 0, PIECE)) {
                Reply<Void> reply = files.send(
                        files.request(PacketType.WRITE)
                                .putBytes(handle)
                                .putUInt64(offset)
                                .putString(buffer, 0, n),
                        file.path(),
                        SftpFiles::nothing);
                closing.add(new Closing(file, new ArrayDeque<>(List.of(reply)), false, n));
                offset += n;
                underWay += n;
                while (underWay > UNDER_WAY) {
                    settle(written);
                }
            }
        } catch (IOException e) {
            files.close(handle, file.path());
            throw e;
        }
        if (file.mtime().isPresent()) {
            FileAttributes attributes = new FileAttributes.Builder()
                    .withPermissions(file.mode())
                    .withAtimeMtime(file.mtime().getAsLong(), file.mtime().getAsLong())
                    .build();
            replies.add(files.send(
                    files.request(PacketType.FSETSTAT).putBytes(handle).putFileAttributes(attributes),
                    file.path(),
                    SftpFiles::nothing));
        }
        replies.add(files.close(handle, file.path()));
        closing.add(new Closing(file, replies, true, 0));
        while (closing.size() > WINDOW * 4) {
            settle(written);
        }
    }

    /** Waits for the oldest of what is under way. */
    private void settle(Written written) throws RemoteFileException {
        Closing oldest = closing.poll();
        underWay -= oldest.bytes;
        RemoteFileException failure = null;
        for (Reply<Void> reply : oldest.replies) {
            try {
                reply.get();
            } catch (RemoteFileException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null && failed != oldest.file) {
            failed = oldest.file;
            written.file(oldest.file, failure);
        } else if (failure == null && oldest.last && failed != oldest.file) {
            written.file(oldest.file, null);
        }
    }
}
