package io.github.phpdeploy.transfer;

/**
 * The pieces of a large file, cut where its content says, in order.
 *
 * @param digests of each chunk the first 42 bits of its SHA-256, as seven characters of base64url (RFC 4648); empty for a
 *     file that is not cut. They find chunks; a file that is put together from them is checked as a whole
 * @param lengths of each chunk its length in bytes, as four hexadecimal digits; empty where only digests are known
 */
record Chunks(String digests, String lengths) {

    /** Of a file that is not cut. */
    static final Chunks NONE = new Chunks("", "");

    static final int DIGEST = 7;
    static final int LENGTH = 4;

    private static final int RADIX = 16;

    int count() {
        return digests.length() / DIGEST;
    }

    String digest(int index) {
        return digests.substring(index * DIGEST, (index + 1) * DIGEST);
    }

    /** The length of a chunk in bytes, where lengths are known. */
    int length(int index) {
        return Integer.parseInt(lengths, index * LENGTH, (index + 1) * LENGTH, RADIX);
    }

    boolean isNone() {
        return digests.isEmpty();
    }

    /** The same without what only the host needs to know. */
    Chunks brief() {
        return isNone() ? this : new Chunks(digests, "");
    }

    /**
     * Reads what stands in a manifest.
     *
     * @throws IllegalArgumentException when it makes no sense
     */
    static Chunks parse(String digests, String lengths) {
        boolean complete = digests.length() % DIGEST == 0
                && (lengths.isEmpty() || lengths.length() / LENGTH == digests.length() / DIGEST)
                && lengths.length() % LENGTH == 0;
        if (!complete || !isText(digests, true) || !isText(lengths, false)) {
            throw new IllegalArgumentException("no chunks");
        }
        return new Chunks(digests, lengths);
    }

    private static boolean isText(String text, boolean base64) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean hex = c >= '0' && c <= '9' || c >= 'a' && c <= 'f';
            boolean other = c >= 'g' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '_';
            if (!hex && !(base64 && other)) {
                return false;
            }
        }
        return true;
    }
}
