package io.github.phpdeploy.transfer;

/** A way to compress a block on its own; blocks that follow each other unpack as one stream. Safe for several threads. */
interface Codec {

    /** The host's program that unpacks it from standard input to standard output with {@code -dc}. */
    String program();

    /** How much is compressed at a time, in bytes. */
    int block();

    /** The levels that may be chosen, the fastest first. */
    int fastest();

    /** The level that compresses best of those worth their time. */
    int best();

    /**
     * Compresses a block.
     *
     * @param bytes the block, from the beginning of the array
     * @param length how many bytes it has
     * @param level from {@link #fastest()} to {@link #best()}
     * @return a gzip member, a zstd frame
     */
    byte[] compress(byte[] bytes, int length, int level);
}
