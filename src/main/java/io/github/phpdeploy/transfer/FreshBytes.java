package io.github.phpdeploy.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Iterator;

/** The chunks of a file that travel, one after the other. A file that became shorter ends early. */
final class FreshBytes extends InputStream {

    private final InputStream in;
    private final Iterator<Recipe.Fresh> pieces;
    private long at;
    private long left;

    FreshBytes(Path file, Recipe recipe) throws IOException {
        this.in = SourceFiles.open(file);
        this.pieces = recipe.pieces().stream()
                .filter(Recipe.Fresh.class::isInstance)
                .map(Recipe.Fresh.class::cast)
                .iterator();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        while (left == 0) {
            if (!pieces.hasNext()) {
                return -1;
            }
            Recipe.Fresh piece = pieces.next();
            for (long skip = piece.offset() - at; skip > 0; ) {
                long skipped = in.skip(skip);
                if (skipped <= 0) {
                    return -1;
                }
                skip -= skipped;
            }
            at = piece.offset() + piece.length();
            left = piece.length();
        }
        int count = in.read(bytes, offset, (int) Math.min(length, left));
        left -= Math.max(0, count);
        return count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
