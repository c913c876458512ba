package io.github.phpdeploy.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the tar dialect that GNU tar, busybox and bsdtar all read: ustar headers, and GNU's {@code L} and {@code K}
 * entries for names over 100 bytes (tar(5), "GNU tar archives"); pax headers mean nothing to busybox. Nothing is
 * allocated for a file but its header's bytes: in a cold JVM that is most of the cost.
 */
final class TarWriter implements AutoCloseable {

    private static final int BLOCK = 512;
    private static final int NAME = 100;
    private static final byte[] MAGIC = "ustar  \0".getBytes(StandardCharsets.US_ASCII);

    private final OutputStream out;
    private final long time;
    private final byte[] header = new byte[BLOCK];
    private final byte[] buffer = new byte[64 * 1024];

    /**
     * A writer.
     *
     * @param out where to
     * @param time the modification time of every entry, in seconds since 1970
     */
    TarWriter(OutputStream out, long time) {
        this.out = out;
        this.time = time;
    }

    void directory(String name) throws IOException {
        header(name.getBytes(StandardCharsets.UTF_8), 0755, 0, '5', null);
    }

    void link(String name, String target) throws IOException {
        header(name.getBytes(StandardCharsets.UTF_8), 0777, 0, '2', target.getBytes(StandardCharsets.UTF_8));
    }

    void file(String name, byte[] content) throws IOException {
        file(name, 0644, content);
    }

    void file(String name, int mode, byte[] content) throws IOException {
        header(name.getBytes(StandardCharsets.UTF_8), mode, content.length, '0', null);
        out.write(content);
        pad(content.length);
    }

    /**
     * Writes a file from a stream.
     *
     * @return how many bytes the stream had; when these are not {@code size}, the archive is broken and must be thrown
     *     away
     */
    long file(String name, boolean executable, long size, InputStream content) throws IOException {
        header(name.getBytes(StandardCharsets.UTF_8), executable ? 0755 : 0644, size, '0', null);
        long written = 0;
        for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
            written += n;
            if (written > size) {
                return written;
            }
            out.write(buffer, 0, n);
        }
        if (written == size) {
            pad(size);
        }
        return written;
    }

    private void header(byte[] name, int mode, long size, char type, byte[] target) throws IOException {
        if (target != null && target.length > NAME) {
            longName(target, 'K');
        }
        if (name.length > NAME) {
            longName(name, 'L');
        }
        Arrays.fill(header, (byte) 0);
        System.arraycopy(name, 0, header, 0, Math.min(name.length, NAME));
        octal(100, 8, mode);
        octal(108, 8, 0);
        octal(116, 8, 0);
        size(size);
        octal(136, 12, time);
        header[156] = (byte) type;
        if (target != null) {
            System.arraycopy(target, 0, header, 157, Math.min(target.length, NAME));
        }
        System.arraycopy(MAGIC, 0, header, 257, MAGIC.length);
        int sum = 0;
        Arrays.fill(header, 148, 156, (byte) ' ');
        for (byte b : header) {
            sum += b & 0xff;
        }
        octal(148, 7, sum);
        out.write(header);
    }

    private void longName(byte[] name, char type) throws IOException {
        byte[] terminated = Arrays.copyOf(name, name.length + 1);
        header("././@LongLink".getBytes(StandardCharsets.US_ASCII), 0644, terminated.length, type, null);
        out.write(terminated);
        pad(terminated.length);
    }

    /** Octal up to 8 GiB, beyond that GNU's base 256. */
    private void size(long size) {
        if (size < 1L << 33) {
            octal(124, 12, size);
            return;
        }
        long rest = size;
        for (int i = 135; i > 124; i--) {
            header[i] = (byte) rest;
            rest >>>= 8;
        }
        header[124] = (byte) 0x80;
    }

    private void octal(int offset, int length, long value) {
        long rest = value;
        for (int i = offset + length - 2; i >= offset; i--) {
            header[i] = (byte) ('0' + (rest & 7));
            rest >>>= 3;
        }
        header[offset + length - 1] = 0;
    }

    private void pad(long written) throws IOException {
        int over = (int) (written % BLOCK);
        if (over > 0) {
            Arrays.fill(header, (byte) 0);
            out.write(header, 0, BLOCK - over);
        }
    }

    /** Writes the end of the archive and closes the stream. */
    @Override
    public void close() throws IOException {
        Arrays.fill(header, (byte) 0);
        out.write(header);
        out.write(header);
        out.close();
    }
}
