package io.github.phpdeploy.archive;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.zip.Deflater;

import io.github.phpdeploy.PhpDeployException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

/**
 * Writes an application into one file, byte for byte the same wherever and whenever it is built: entries sorted, one
 * time stamp, no owners, modes 755 and 644, symbolic links as such.
 */
public final class ReleaseArchive {

    private static final int DIRECTORY_MODE = 0755;
    private static final int EXECUTABLE_MODE = 0755;
    private static final int FILE_MODE = 0644;
    private static final int LINK_MODE = 0777;

    /** What an archive may be. */
    public enum Format {
        /** A gzipped tar; names and long paths in POSIX pax headers. */
        TAR_GZ("tar.gz"),
        /** A ZIP with Unix modes. */
        ZIP("zip");

        private final String extension;

        Format(String extension) {
            this.extension = extension;
        }

        /**
         * What the file's name ends in.
         *
         * @return the extension without a leading dot; also what users write
         */
        public String extension() {
            return extension;
        }

        /**
         * Reads what a user wrote.
         *
         * @param text {@code tar.gz} or {@code zip}
         * @return the format
         * @throws PhpDeployException when it is neither
         */
        public static Format parse(String text) {
            for (Format format : values()) {
                if (format.extension.equals(text.strip())) {
                    return format;
                }
            }
            throw new PhpDeployException("\"" + text + "\" is no archive format", "set php.format to tar.gz or zip");
        }
    }

    private ReleaseArchive() {}

    /**
     * Writes an archive. It appears under its name only when it is complete.
     *
     * @param files what {@link Application#scan} found
     * @param format the kind of archive
     * @param time the time stamp of every entry, in whole seconds; for ZIP 1980 at the earliest
     * @param archive the file to write; its directory is made
     * @throws PhpDeployException when a file of the application cannot be read, or the archive not be written
     */
    public static void write(List<ApplicationFile> files, Format format, Instant time, Path archive) {
        try {
            Files.createDirectories(archive.getParent());
            Path partial = archive.resolveSibling(archive.getFileName() + ".part");
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(partial))) {
                switch (format) {
                    case TAR_GZ -> tar(files, time, out);
                    case ZIP -> zip(files, time, out);
                }
            }
            Files.move(partial, archive, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new PhpDeployException(
                    "the archive " + archive + " could not be written: " + e.getMessage(),
                    "check that the application's files can be read and that the disk has room",
                    e);
        }
    }

    private static void tar(List<ApplicationFile> files, Instant time, OutputStream out) throws IOException {
        GzipParameters gzip = new GzipParameters();
        gzip.setCompressionLevel(Deflater.BEST_COMPRESSION);
        gzip.setModificationInstant(Instant.EPOCH);
        try (TarArchiveOutputStream tar =
                new TarArchiveOutputStream(new GzipCompressorOutputStream(out, gzip), StandardCharsets.UTF_8.name())) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            tar.setAddPaxHeadersForNonAsciiNames(true);
            for (ApplicationFile file : files) {
                TarArchiveEntry entry = switch (file.kind()) {
                    case DIRECTORY -> directory(file);
                    case LINK -> link(file);
                    case FILE -> regular(file);
                };
                entry.setIds(0, 0);
                entry.setUserName("");
                entry.setGroupName("");
                entry.setLastModifiedTime(FileTime.from(time));
                tar.putArchiveEntry(entry);
                if (file.kind() == ApplicationFile.Kind.FILE) {
                    copy(file, tar);
                }
                tar.closeArchiveEntry();
            }
        }
    }

    private static TarArchiveEntry directory(ApplicationFile file) {
        TarArchiveEntry entry = new TarArchiveEntry(file.path() + "/");
        entry.setMode(DIRECTORY_MODE);
        return entry;
    }

    private static TarArchiveEntry link(ApplicationFile file) {
        TarArchiveEntry entry = new TarArchiveEntry(file.path(), TarArchiveEntry.LF_SYMLINK);
        entry.setLinkName(file.target());
        entry.setMode(LINK_MODE);
        return entry;
    }

    private static TarArchiveEntry regular(ApplicationFile file) {
        TarArchiveEntry entry = new TarArchiveEntry(file.path());
        entry.setSize(file.size());
        entry.setMode(file.executable() ? EXECUTABLE_MODE : FILE_MODE);
        return entry;
    }

    private static void zip(List<ApplicationFile> files, Instant time, OutputStream out) throws IOException {
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(out)) {
            zip.setEncoding(StandardCharsets.UTF_8.name());
            zip.setLevel(Deflater.BEST_COMPRESSION);
            for (ApplicationFile file : files) {
                boolean directory = file.kind() == ApplicationFile.Kind.DIRECTORY;
                ZipArchiveEntry entry = new ZipArchiveEntry(directory ? file.path() + "/" : file.path());
                entry.setUnixMode(
                        switch (file.kind()) {
                            case DIRECTORY -> 0040000 | DIRECTORY_MODE;
                            case LINK -> 0120000 | LINK_MODE;
                            case FILE -> 0100000 | (file.executable() ? EXECUTABLE_MODE : FILE_MODE);
                        });
                // the DOS time of a ZIP has no zone: written as UTC's, it is the same on every machine
                entry.setTime(dosTime(time));
                zip.putArchiveEntry(entry);
                if (file.kind() == ApplicationFile.Kind.FILE) {
                    copy(file, zip);
                } else if (file.kind() == ApplicationFile.Kind.LINK) {
                    zip.write(file.target().getBytes(StandardCharsets.UTF_8));
                }
                zip.closeArchiveEntry();
            }
        }
    }

    private static long dosTime(Instant time) {
        return time.atOffset(java.time.ZoneOffset.UTC)
                .toLocalDateTime()
                .atZone(java.time.ZoneId.systemDefault())
                .toInstant()
                .toEpochMilli();
    }

    private static void copy(ApplicationFile file, OutputStream out) throws IOException {
        try (InputStream in = Files.newInputStream(file.source())) {
            in.transferTo(out);
        } catch (AccessDeniedException e) {
            throw new PhpDeployException(
                    "the file " + file.source() + " cannot be read",
                    "make it readable for the user that runs the build, or add <exclude>" + file.path() + "</exclude>",
                    e);
        }
    }
}
