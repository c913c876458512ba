package io.github.phpdeploy.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A long line on loopback: what one end sends arrives at the other after a delay, no faster than a rate, and is counted. The
 * handshake of TCP itself is not delayed; every contestant gains the same by it.
 */
final class DelayLine implements AutoCloseable {

    private static final int PIECE = 16 * 1024;

    private final ServerSocket server;
    private final int target;
    private final long delayNanos;
    private final double bytesPerNano;
    private final AtomicLong up = new AtomicLong();
    private final AtomicLong down = new AtomicLong();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** A piece of data and when it is due; an empty one is the end. */
    private record Piece(byte[] bytes, long due) {}

    /**
     * A line to a port on 127.0.0.1.
     *
     * @param target the port
     * @param roundTripMillis delay there and back
     * @param megabits rate in Mbit/s each way; 0 for unlimited
     */
    DelayLine(int target, int roundTripMillis, int megabits) {
        this.target = target;
        this.delayNanos = roundTripMillis * 1_000_000L / 2;
        this.bytesPerNano = megabits * 1e6 / 8 / 1e9;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon("accept", this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Bytes that left the client since the last call. */
    long takeUp() {
        return up.getAndSet(0);
    }

    /** Bytes that left the server since the last call. */
    long takeDown() {
        return down.getAndSet(0);
    }

    private void accept() {
        while (true) {
            try {
                Socket client = server.accept();
                Socket host = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(client);
                open.add(host);
                client.setTcpNoDelay(true);
                host.setTcpNoDelay(true);
                join(client, host, up);
                join(host, client, down);
            } catch (IOException e) {
                return;
            }
        }
    }

    private void join(Socket from, Socket to, AtomicLong count) {
        // what is on its way at most: 64 MB, far more than any window here
        BlockingQueue<Piece> line = new ArrayBlockingQueue<>(4096);
        daemon("read", () -> read(from, line, count));
        daemon("write", () -> write(line, to));
    }

    private void read(Socket from, BlockingQueue<Piece> line, AtomicLong count) {
        long free = System.nanoTime();
        byte[] buffer = new byte[PIECE];
        try {
            InputStream in = from.getInputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                count.addAndGet(n);
                long now = System.nanoTime();
                free = Math.max(free, now) + (bytesPerNano > 0 ? (long) (n / bytesPerNano) : 0);
                // a sender may be ahead of the line by what a router would buffer, not more
                sleepUntil(free - 20_000_000L);
                line.put(new Piece(Arrays.copyOf(buffer, n), free + delayNanos));
            }
        } catch (IOException ignored) {
            // closed at one end: so is the other
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        end(line);
    }

    private void end(BlockingQueue<Piece> line) {
        try {
            line.put(new Piece(new byte[0], System.nanoTime() + delayNanos));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(BlockingQueue<Piece> line, Socket to) {
        try (to) {
            OutputStream out = to.getOutputStream();
            for (Piece piece = line.take(); piece.bytes.length > 0; piece = line.take()) {
                sleepUntil(piece.due);
                out.write(piece.bytes);
            }
            to.shutdownOutput();
        } catch (IOException ignored) {
            // closed at one end: so is the other
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(to);
        }
    }

    private static void sleepUntil(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, "delay-line-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
