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

/** Trees of files that look like PHP applications: many small sources of words that compress as code does, some pictures. */
public final class SampleTree {

    /**
     * A kind of application.
     *
     * @param name what it is called
     * @param files how many files it has
     * @param perDirectory how many of them lie in a directory, about
     * @param depth how many directories lie above a file at most
     * @param median size of a source in bytes; sizes are log-normal
     * @param pictures how many of a thousand files are pictures, which do not compress
     */
    public record Kind(String name, int files, int perDirectory, int depth, int median, int pictures) {

        /** The kinds of applications: WordPress with plugins, a Laravel application with vendor/, Magento. */
        static final List<Kind> ALL = List.of(
                new Kind("wordpress", 5_000, 14, 4, 4_000, 60),
                new Kind("laravel", 20_000, 10, 5, 2_500, 0),
                new Kind("magento", 60_000, 6, 7, 1_800, 10));

        /** A kind by its name, or a Laravel application with so many files. */
        static Kind of(String text) {
            return ALL.stream()
                    .filter(kind -> kind.name.equals(text))
                    .findFirst()
                    .orElseGet(() -> laravel(Integer.parseInt(text)));
        }

        static Kind laravel(int files) {
            return new Kind("laravel", files, 10, 5, 2_500, 0);
        }

        boolean isPicture(int number) {
            return number % 1000 < pictures;
        }

        /** The path of a file: a package, its components, and deeper directories for some. */
        String path(int number) {
            int directory = number / perDirectory;
            StringBuilder path =
                    new StringBuilder("vendor/package" + directory / 40 + "/src/Component" + directory % 40);
            for (int level = 4; level < depth; level++) {
                path.append(directory % level == 0 ? "/Tests" : directory % level == 1 ? "/Internal" : "");
            }
            return path.append(isPicture(number) ? "/image" : "/Service")
                    .append(number)
                    .append(isPicture(number) ? ".jpg" : ".php")
                    .toString();
        }
    }

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
     * @param kind of what
     */
    static void make(Path root, Kind kind) {
        Random random = new Random(kind.files());
        try {
            for (int i = 0; i < kind.files(); i++) {
                Path file = root.resolve(kind.path(i));
                Files.createDirectories(file.getParent());
                if (kind.isPicture(i)) {
                    byte[] bytes = new byte[20_000 + random.nextInt(80_000)];
                    random.nextBytes(bytes);
                    Files.write(file, bytes);
                } else {
                    write(file, kind.median(), random);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Makes a Laravel-like tree.
     *
     * @param root where; made
     * @param count how many files
     */
    public static void make(Path root, int count) {
        make(root, Kind.laravel(count));
    }

    private static void write(Path file, int median, Random random) throws IOException {
        // most sources are small, a few large: the mean is about twice the median
        int size = (int) Math.min(400_000, median * Math.exp(1.2 * random.nextGaussian()));
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
    static List<String> change(Path root, Kind kind, double share) {
        List<String> changed = new ArrayList<>();
        int every = (int) Math.round(1 / share);
        try {
            for (int i = every / 2; i < kind.files(); i += every) {
                Path file = root.resolve(kind.path(i));
                if (!kind.isPicture(i)) {
                    Files.writeString(file, Files.readString(file).replaceFirst("\n", "\n// changed " + i + "\n"));
                    changed.add(kind.path(i));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return changed;
    }

    /** The same of a Laravel-like tree. */
    public static List<String> change(Path root, int count, double share) {
        return change(root, Kind.laravel(count), share);
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

    /** How many files a tree has. */
    static int count(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return (int) files.filter(Files::isRegularFile).count();
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
