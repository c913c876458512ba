package io.github.phpdeploy.transfer;

import java.util.ArrayList;
import java.util.List;

/**
 * How a host puts a large file together: of chunks of files that it has, and of new ones that travel.
 *
 * @param file what becomes of it
 * @param pieces in order
 */
record Recipe(ManifestEntry file, List<Piece> pieces) {

    Recipe {
        pieces = List.copyOf(pieces);
    }

    /** Some chunks in a row. */
    sealed interface Piece {}

    /**
     * Chunks that the host has.
     *
     * @param source the path of the file that has them
     * @param first the index of the first, from 0
     * @param count how many
     */
    record Known(String source, int first, int count) implements Piece {}

    /**
     * Chunks that travel.
     *
     * @param first the index of the first in the new file, from 0
     * @param count how many
     * @param offset where they begin in the new file, in bytes
     * @param length how many bytes they have
     */
    record Fresh(int first, int count, long offset, long length) implements Piece {}

    /** How many bytes travel. */
    long freshBytes() {
        return pieces.stream()
                .mapToLong(piece -> piece instanceof Fresh fresh ? fresh.length() : 0)
                .sum();
    }

    /** The text of {@code recipes} for the assembling script, which says what it means. */
    String text(int number) {
        StringBuilder text = new StringBuilder()
                .append("F ")
                .append(number)
                .append(' ')
                .append(file.executable() ? 'x' : '-')
                .append('\t')
                .append(file.path())
                .append('\n');
        String source = "";
        for (Piece piece : pieces) {
            if (piece instanceof Known known) {
                if (!known.source().equals(source)) {
                    source = known.source();
                    text.append("S ").append(source).append('\n');
                }
                text.append("R ").append(known.first()).append(' ').append(known.count());
            } else if (piece instanceof Fresh fresh) {
                Chunks chunks = file.chunks();
                int end = fresh.first() + fresh.count();
                text.append("N ")
                        .append(chunks.digests(), fresh.first() * Chunks.DIGEST, end * Chunks.DIGEST)
                        .append(' ')
                        .append(chunks.lengths(), fresh.first() * Chunks.LENGTH, end * Chunks.LENGTH);
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** Joins pieces that follow each other. */
    static final class Builder {

        private final List<Piece> pieces = new ArrayList<>();

        void known(String source, int index) {
            if (!pieces.isEmpty()
                    && pieces.get(pieces.size() - 1) instanceof Known last
                    && last.source().equals(source)
                    && last.first() + last.count() == index) {
                pieces.set(pieces.size() - 1, new Known(source, last.first(), last.count() + 1));
            } else {
                pieces.add(new Known(source, index, 1));
            }
        }

        void fresh(int index, long offset, int length) {
            if (!pieces.isEmpty() && pieces.get(pieces.size() - 1) instanceof Fresh last) {
                pieces.set(
                        pieces.size() - 1,
                        new Fresh(last.first(), last.count() + 1, last.offset(), last.length() + length));
            } else {
                pieces.add(new Fresh(index, 1, offset, length));
            }
        }

        Recipe of(ManifestEntry file) {
            return new Recipe(file, pieces);
        }
    }
}
