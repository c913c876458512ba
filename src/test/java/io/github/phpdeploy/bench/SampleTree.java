package io.github.phpdeploy.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Trees of files that look like PHP applications: many small sources of words that compress as code does. */
public final class SampleTree {

    private static final String[] WORDS =
            ("public function private protected static return array string int bool null new class interface extends"
                            + " implements namespace use throw if else foreach as while switch case break default try catch"
                            + " finally $this-> $value $key $name $options $request $response $container $event self:: parent::"
                            + " get set has add remove find create update delete load save render handle dispatch register build"
                            + " === !== && || => -> ( ) { } [ ] ; , . = + ? :")
                    .split(" ");

    private SampleTree() {}

    /**
     * Makes a tree; the same for the same arguments.
     *
     * @param root where; made
     * @param count how many files
     */
    public static void make(Path root, int count) {
        Random random = new Random(count);
        try {
            for (int i = 0; i < count; i++) {
                write(root.resolve(path(i)), random);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The path of a file: about ten in a directory, three to five directories deep, as a vendor tree has it. */
    static String path(int number) {
        int directory = number / 10;
        String deep = directory % 3 == 0 ? "/Tests/Unit" : directory % 3 == 1 ? "/Internal" : "";
        return "vendor/package" + directory / 40 + "/src/Component" + directory % 40 + deep + "/Service" + number
                + ".php";
    }

    private static void write(Path file, Random random) throws IOException {
        Files.createDirectories(file.getParent());
        // most sources are small, a few large: log-normal, median 2.5 KB, mean about 5 KB
        int size = (int) Math.min(400_000, 2500 * Math.exp(1.2 * random.nextGaussian()));
        StringBuilder text = new StringBuilder(size + 20).append("<?php\n");
        while (text.length() < size) {
            text.append(WORDS[random.nextInt(WORDS.length)]).append(random.nextInt(9) == 0 ? "\n    " : " ");
            if (random.nextInt(12) == 0) {
                text.append("$v").append(Integer.toString(random.nextInt(100_000), 36));
            }
        }
        Files.write(file, text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    /** Changes some lines of a share of the files, spread evenly; returns their paths. */
    public static List<String> change(Path root, int count, double share) {
        List<String> changed = new ArrayList<>();
        int every = (int) Math.round(1 / share);
        try {
            for (int i = every / 2; i < count; i += every) {
                Path file = root.resolve(path(i));
                Files.writeString(file, Files.readString(file).replaceFirst("\n", "\n// changed " + i + "\n"));
                changed.add(path(i));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return changed;
    }

    /** A large file of bytes that do not compress. */
    static void large(Path file, int megabytes) {
        Random random = new Random(megabytes);
        byte[] piece = new byte[1 << 20];
        try {
            Files.createDirectories(file.getParent());
            try (var out = Files.newOutputStream(file)) {
                for (int i = 0; i < megabytes; i++) {
                    random.nextBytes(piece);
                    out.write(piece);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Overwrites one percent of a large file, in ten places. */
    static void changeLarge(Path file) {
        Random random = new Random(7);
        try (var channel = java.nio.channels.FileChannel.open(file, java.nio.file.StandardOpenOption.WRITE)) {
            byte[] piece = new byte[(int) (channel.size() / 1000)];
            for (int i = 0; i < 10; i++) {
                random.nextBytes(piece);
                channel.write(java.nio.ByteBuffer.wrap(piece), channel.size() / 10 * i + channel.size() / 31);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives every file the modification time of a new checkout. */
    public static void checkout(Path root) {
        FileTime now = FileTime.from(Instant.now());
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.setLastModifiedTime(file, now);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
