package io.github.phpdeploy.transfer;

import java.util.Arrays;

import io.airlift.compress.zstd.ZstdCompressor;

/**
 * Zstandard (RFC 8878), written in Java: some seconds' worth of data must be there before the JVM has compiled it and it
 * overtakes zlib. Frames follow each other as one stream (section 3).
 */
final class ZstdCodec implements Codec {

    /** A block is a window of its own: larger ones find more. */
    private static final int BLOCK = 1024 * 1024;

    private final ThreadLocal<ZstdCompressor> compressors = ThreadLocal.withInitial(ZstdCompressor::new);

    @Override
    public String program() {
        return "zstd";
    }

    @Override
    public int block() {
        return BLOCK;
    }

    @Override
    public int fastest() {
        return 3;
    }

    @Override
    public int best() {
        return 3;
    }

    @Override
    public byte[] compress(byte[] bytes, int length, int level) {
        ZstdCompressor compressor = compressors.get();
        byte[] frame = new byte[compressor.maxCompressedLength(length)];
        return Arrays.copyOf(frame, compressor.compress(bytes, 0, length, frame, 0, frame.length));
    }
}
