package io.github.phpdeploy.transfer;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Compresses on all processors, block by block. The level follows what is slower: where the line waits for us it falls, where
 * we wait for the line it rises.
 */
final class ParallelCompressor extends OutputStream {

    private final OutputStream out;
    private final Codec codec;
    private final int ahead;
    private final ExecutorService pool;
    private final Deque<Future<byte[]>> pending = new ArrayDeque<>();
    private byte[] block;
    private int filled;
    private int level;
    private boolean begun;

    /**
     * A compressing stream.
     *
     * @param out where blocks go; closed with this
     * @param codec how they are compressed
     */
    ParallelCompressor(OutputStream out, Codec codec) {
        this.out = out;
        this.codec = codec;
        this.block = new byte[codec.block()];
        this.level = codec.best();
        int workers = Math.max(1, Runtime.getRuntime().availableProcessors());
        this.ahead = workers * 2;
        this.pool = Executors.newFixedThreadPool(workers, task -> {
            Thread thread = new Thread(task, "php-deploy-compress");
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
            int count = Math.min(left, block.length - filled);
            System.arraycopy(bytes, from, block, filled, count);
            filled += count;
            from += count;
            left -= count;
            if (filled == block.length) {
                submit();
            }
        }
    }

    private void submit() throws IOException {
        byte[] full = block;
        int length = filled;
        int chosen = level;
        block = new byte[codec.block()];
        filled = 0;
        begun = true;
        pending.add(pool.submit(() -> codec.compress(full, length, chosen)));
        if (pending.size() >= ahead) {
            boolean lineWaits = !pending.peek().isDone();
            boolean weWait = pending.stream().limit(ahead / 2).allMatch(Future::isDone);
            level = lineWaits
                    ? Math.max(codec.fastest(), level - 1)
                    : weWait ? Math.min(codec.best(), level + 1) : level;
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
