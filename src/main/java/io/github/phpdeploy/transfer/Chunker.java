package io.github.phpdeploy.transfer;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;

/**
 * Cuts a file into chunks where its content says, so that an edit moves only the cuts around it: FastCDC with normalized
 * chunking (Xia et al., "FastCDC: a Fast and Efficient Content-Defined Chunking Approach for Data Deduplication", USENIX ATC
 * 2016). The cuts of equal content are equal in every version of this class, or manifests would differ: none of its numbers
 * may change without the manifest's version.
 */
final class Chunker {

    /** Files from this size on are cut, in bytes. */
    static final long THRESHOLD = 1 << 20;

    /** Chunks are never smaller than this, but for the last, nor larger than {@link #MAX}, in bytes. */
    private static final int MIN = 2 * 1024;

    private static final int NORMAL = 8 * 1024;
    private static final int MAX = 0xffff;

    /** The paper's masks for 8 KiB: harder to meet before that size, easier beyond. */
    private static final long HARD = 0x0003590703530000L;

    private static final long EASY = 0x0000d90003530000L;

    private static final long[] GEAR = gear();

    private static final int DIGEST_BYTES = 6;

    private final MessageDigest sha = Manifest.sha256();
    private final StringBuilder digests = new StringBuilder();
    private final StringBuilder lengths = new StringBuilder();
    private int length;
    private long hash;
    private boolean atCut;

    /** Random numbers that are the same in every JDK: SplitMix64 (Steele et al., OOPSLA 2014). */
    private static long[] gear() {
        long[] gear = new long[256];
        long seed = 0;
        for (int i = 0; i < gear.length; i++) {
            seed += 0x9e3779b97f4a7c15L;
            long z = (seed ^ (seed >>> 30)) * 0xbf58476d1ce4e5b9L;
            z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
            gear[i] = z ^ (z >>> 31);
        }
        return gear;
    }

    /** Takes the next bytes of the file. */
    void update(byte[] bytes, int offset, int count) {
        int from = offset;
        int end = offset + count;
        while (from < end) {
            int to = scan(bytes, from, end);
            sha.update(bytes, from, to - from);
            from = to;
            if (atCut) {
                endChunk();
            }
        }
    }

    /** Reads to the next cut or to the end of the bytes; says where it stopped. */
    private int scan(byte[] bytes, int from, int end) {
        int limit = from + Math.min(end - from, MAX - length);
        int at = Math.min(limit, from + Math.max(0, MIN - length));
        int normal = Math.min(limit, from + Math.max(0, NORMAL - length));
        long rolling = hash;
        boolean cut = false;
        while (at < normal && !cut) {
            rolling = (rolling << 1) + GEAR[bytes[at++] & 0xff];
            cut = (rolling & HARD) == 0;
        }
        while (at < limit && !cut) {
            rolling = (rolling << 1) + GEAR[bytes[at++] & 0xff];
            cut = (rolling & EASY) == 0;
        }
        length += at - from;
        hash = rolling;
        atCut = cut || length == MAX;
        return at;
    }

    private void endChunk() {
        String digest = Base64.getUrlEncoder().encodeToString(Arrays.copyOf(sha.digest(), DIGEST_BYTES));
        digests.append(digest, 0, Chunks.DIGEST);
        String hex = Integer.toHexString(length);
        lengths.append("0".repeat(Chunks.LENGTH - hex.length())).append(hex);
        length = 0;
        hash = 0;
        atCut = false;
    }

    /** Ends the file. */
    Chunks finish() {
        if (length > 0) {
            endChunk();
        }
        return new Chunks(digests.toString(), lengths.toString());
    }
}
