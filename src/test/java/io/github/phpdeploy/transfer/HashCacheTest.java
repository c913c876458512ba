package io.github.phpdeploy.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class HashCacheTest {

    @TempDir
    Path temp;

    private final FileTime old = FileTime.from(Instant.now().minusSeconds(60));

    private String hash(Path file, Path cache) {
        HashCache hashes = HashCache.load(cache);
        LocalTree tree = LocalTree.read(List.of(TreeFile.file("file", false, file)), hashes);
        hashes.save();
        return tree.manifest().entries().get("file").hash();
    }

    private Path write(String content, FileTime time) throws IOException {
        Path file = temp.resolve("file");
        // in place: the inode stays
        Files.writeString(file, content);
        Files.setLastModifiedTime(file, time);
        return file;
    }

    @Test
    void whatLooksTheSameIsNotReadAgain() throws IOException {
        Path cache = temp.resolve("cache/hashes");
        String one = hash(write("one", old), cache);
        // nobody can tell: this shows that the cache is used at all
        assertThat(hash(write("two", old), cache)).isEqualTo(one);
    }

    @Test
    void timeSizeAndInodeTell() throws IOException {
        Path cache = temp.resolve("cache/hashes");
        String one = hash(write("one", old), cache);
        String two = hash(write("two", FileTime.from(old.toInstant().plusNanos(1_000_000))), cache);
        assertThat(two).isNotEqualTo(one);
        String longer = hash(write("three", FileTime.from(old.toInstant().plusNanos(1_000_000))), cache);
        assertThat(longer).isNotEqualTo(two);
        Files.move(temp.resolve("file"), temp.resolve("kept"));
        assertThat(hash(write("other", FileTime.from(old.toInstant().plusNanos(1_000_000))), cache))
                .isNotEqualTo(longer);
    }

    @Test
    void anEditWithinTheSameTickIsSeen() throws IOException {
        Path cache = temp.resolve("cache/hashes");
        FileTime now = FileTime.from(Instant.now());
        String one = hash(write("one", now), cache);
        assertThat(hash(write("two", now), cache)).isNotEqualTo(one);
    }

    @Test
    void aCacheThatMakesNoSenseIsEmpty() throws IOException {
        Path cache = temp.resolve("cache");
        String one = hash(write("one", old), cache);
        byte[] whole = Files.readAllBytes(cache);
        Files.write(cache, java.util.Arrays.copyOf(whole, whole.length - 3));
        assertThat(hash(write("two", old), cache)).isNotEqualTo(one);
        Files.writeString(cache, "nonsense");
        assertThat(hash(write("one", old), cache)).isEqualTo(one);
    }
}
