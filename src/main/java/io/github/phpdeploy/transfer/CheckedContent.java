package io.github.phpdeploy.transfer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A file of this machine as it is sent: at its end it must be what was read at first. */
final class CheckedContent extends FilterInputStream {

    private final Path source;
    private final String hash;
    private final MessageDigest digest = Manifest.sha256();
    private boolean ended;

    CheckedContent(Path source, String hash) {
        super(open(source));
        this.source = source;
        this.hash = hash;
    }

    private static InputStream open(Path source) {
        try {
            return Files.newInputStream(source);
        } catch (IOException e) {
            throw changed(source, e);
        }
    }

    private static SourceChangedException changed(Path source, IOException cause) {
        return new SourceChangedException(source, cause);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n = in.read(buffer, offset, length);
        if (n > 0) {
            digest.update(buffer, offset, n);
        } else if (n < 0 && !ended) {
            ended = true;
            if (!HexFormat.of().formatHex(digest.digest()).equals(hash)) {
                throw changed(source, null);
            }
        }
        return n;
    }
}
