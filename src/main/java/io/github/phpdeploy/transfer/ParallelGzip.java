package io.github.phpdeploy.transfer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Compresses on all processors: blocks become gzip members of their own, one after the other, which every gunzip reads as one
 * (RFC 1952, section 2.2). The level follows what is slower: where the line waits for us it falls, where we wait for the
 * line it rises. What does not compress, because it is compressed already, is stored.
 */
final class ParallelGzip extends OutputStream {

    static final int BLOCK = 256 * 1024;

    private static final int FASTEST = 1;
    private static final int BEST = 6;

    /** How much of a block tells whether it compresses, and by how much it must, in percent. */
    private static final int SAMPLE = 8 * 1024;

    private static final int WORTHWHILE = 95;

    /** RFC 1952, section 2.3: magic, deflate, no flags, no time, no extra flags, unknown system. */
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private final OutputStream out;
    private final int ahead;
    private final ExecutorService pool;
    private final Deque<Future<byte[]>> pending = new ArrayDeque<>();
    private byte[] block = new byte[BLOCK];
    private int filled;
    private int level = BEST;
    private boolean begun;

    /**
     * A compressing stream.
     *
     * @param out where members go; closed with this
     */
    ParallelGzip(OutputStream out) {
        this.out = out;
        int workers = Math.max(1, Runtime.getRuntime().availableProcessors());
        this.ahead = workers * 2;
        this.pool = Executors.newFixedThreadPool(workers, task -> {
            Thread thread = new Thread(task, "php-deploy-gzip");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        int left = length;
        while (left > 0) {
            int count = Math.min(left, BLOCK - filled);
            System.arraycopy(bytes, from, block, filled, count);
            filled += count;
            from += count;
            left -= count;
            if (filled == BLOCK) {
                submit();
            }
        }
    }

    private void submit() throws IOException {
        byte[] full = block;
        int length = filled;
        int chosen = level;
        block = new byte[BLOCK];
        filled = 0;
        begun = true;
        pending.add(pool.submit(() -> member(full, length, chosen)));
        if (pending.size() >= ahead) {
            boolean lineWaits = !pending.peek().isDone();
            boolean weWait = pending.stream().limit(ahead / 2).allMatch(Future::isDone);
            level = lineWaits ? Math.max(FASTEST, level - 1) : weWait ? Math.min(BEST, level + 1) : level;
            send();
        }
    }

    private void send() throws IOException {
        try {
            out.write(pending.remove().get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    private static byte[] member(byte[] bytes, int length, int level) {
        ByteArrayOutputStream member = new ByteArrayOutputStream(length / 2 + 64);
        member.writeBytes(HEADER);
        boolean worthwhile = length <= SAMPLE || deflate(bytes, SAMPLE, FASTEST).size() * 100L < SAMPLE * WORTHWHILE;
        deflate(bytes, length, worthwhile ? level : Deflater.NO_COMPRESSION).writeTo(member);
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        little(member, (int) crc.getValue());
        little(member, length);
        return member.toByteArray();
    }

    /** A byte array stream that can be written to another without an exception that never comes. */
    private static final class Bytes extends ByteArrayOutputStream {

        Bytes(int size) {
            super(size);
        }

        @Override
        public void writeTo(OutputStream target) {
            ((ByteArrayOutputStream) target).write(buf, 0, count);
        }
    }

    private static Bytes deflate(byte[] bytes, int length, int level) {
        Deflater deflater = new Deflater(level, true);
        try {
            deflater.setInput(bytes, 0, length);
            deflater.finish();
            Bytes compressed = new Bytes(length / 2 + 64);
            byte[] buffer = new byte[32 * 1024];
            while (!deflater.finished()) {
                compressed.write(buffer, 0, deflater.deflate(buffer));
            }
            return compressed;
        } finally {
            deflater.end();
        }
    }

    private static void little(ByteArrayOutputStream target, int value) {
        for (int shift = 0; shift < 32; shift += 8) {
            target.write(value >>> shift);
        }
    }

    /** Writes what is left, and closes the stream below. */
    @Override
    public void close() throws IOException {
        try {
            if (filled > 0 || !begun) {
                submit();
            }
            while (!pending.isEmpty()) {
                send();
            }
        } finally {
            pool.shutdownNow();
            out.close();
        }
    }
}
