package io.github.phpdeploy.transfer;

import java.io.ByteArrayOutputStream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * gzip by the JDK's zlib, which is native code and so is fast from its first byte on. Members follow each other as one stream
 * (RFC 1952, section 2.2). What does not compress, because it is compressed already, is stored.
 */
final class GzipCodec implements Codec {

    static final int BLOCK = 256 * 1024;

    /** How much of a block tells whether it compresses, and by how much it must, in percent. */
    private static final int SAMPLE = 8 * 1024;

    private static final int WORTHWHILE = 95;

    /** RFC 1952, section 2.3: magic, deflate, no flags, no time, no extra flags, unknown system. */
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    @Override
    public String program() {
        return "gzip";
    }

    @Override
    public int block() {
        return BLOCK;
    }

    @Override
    public int fastest() {
        return 1;
    }

    @Override
    public int best() {
        return 6;
    }

    @Override
    public byte[] compress(byte[] bytes, int length, int level) {
        ByteArrayOutputStream member = new ByteArrayOutputStream(length / 2 + 64);
        member.writeBytes(HEADER);
        boolean worthwhile =
                length <= SAMPLE || deflate(bytes, SAMPLE, fastest()).size() * 100L < SAMPLE * WORTHWHILE;
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

        void writeTo(ByteArrayOutputStream target) {
            target.write(buf, 0, count);
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
}
