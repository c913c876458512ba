package io.github.phpdeploy.transfer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import io.github.phpdeploy.host.Host;

/** An application here, and a deploy path there, both with names that need care. */
final class UploadBench {

    private final Path local;
    private final Path site;

    UploadBench(Path temp) throws IOException {
        local = Files.createDirectory(temp.resolve("local app"));
        site = Files.createDirectory(temp.resolve("si'te=\\1 $x"));
    }

    Path local() {
        return local;
    }

    String site() {
        return site.toString();
    }

    Path release(String id) {
        return site.resolve("releases").resolve(id);
    }

    void write(String path, String content) throws IOException {
        write(path, content.getBytes(StandardCharsets.UTF_8));
    }

    void write(String path, byte[] content) throws IOException {
        Path file = local.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    LocalTree tree() throws IOException {
        return Trees.read(local);
    }

    UploadReport upload(Host host, String id, Optional<Base> base, HostTools tools) throws IOException {
        LocalTree tree = tree();
        try (Upload upload = Upload.begin(host, site(), id, base, tools)) {
            ChangeSet changes = ChangeSet.between(base, tree.manifest(), tools);
            return upload.send(tree, changes, UploadTest.TIME, "{}", (files, bytes, wire) -> {});
        }
    }

    Base first(Host host, String id) throws IOException {
        upload(host, id, Optional.empty(), HostTools.NONE);
        return new Base(id, tree().manifest().entries());
    }
}
