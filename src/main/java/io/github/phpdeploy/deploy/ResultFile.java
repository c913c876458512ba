package io.github.phpdeploy.deploy;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

import com.google.gson.stream.JsonWriter;
import io.github.phpdeploy.PhpDeployException;

/** Writes how a deploy ended, as JSON, for the programs that come after it. */
public final class ResultFile {

    private ResultFile() {}

    /**
     * Writes a result. The file appears complete or not at all.
     *
     * @param result how it ended
     * @param file where to write; its directory is made
     * @throws PhpDeployException when the file cannot be written
     */
    public static void write(DeployResult result, Path file) {
        String message = result instanceof DeployResult.Failure failure
                ? String.valueOf(failure.cause().getMessage())
                : "";
        write(result.action(), result.release(), result.outcome(), result.millis(), result.hosts(), message, file);
    }

    /**
     * Writes that it failed before any host was asked.
     *
     * @param action {@code deploy} or {@code rollback}
     * @param failure what was wrong
     * @param file where to write; its directory is made
     */
    public static void write(String action, PhpDeployException failure, Path file) {
        String failed = HostOutcome.Outcome.FAILED.word();
        write(action, "", failed, 0, List.of(), failure.getMessage(), file);
    }

    private static void write(
            String action,
            String release,
            String outcome,
            long millis,
            List<HostOutcome> hosts,
            String message,
            Path file) {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.setIndent("  ");
            json.beginObject();
            json.name("action").value(action);
            json.name("release").value(release);
            json.name("outcome").value(outcome);
            json.name("millis").value(millis);
            json.name("hosts").beginArray();
            for (HostOutcome host : hosts) {
                write(host, json);
            }
            json.endArray();
            json.name("message").value(message);
            json.endObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        replace(file, text.toString());
    }

    private static void write(HostOutcome host, JsonWriter json) throws IOException {
        json.beginObject();
        json.name("name").value(host.host());
        json.name("outcome").value(host.outcome().word());
        json.name("previous").value(host.previous());
        json.name("current").value(host.current());
        json.name("filesTotal").value(host.filesTotal());
        json.name("filesSent").value(host.filesSent());
        json.name("filesReused").value(host.filesReused());
        json.name("bytesSent").value(host.bytesSent());
        json.name("bytesTotal").value(host.bytesTotal());
        json.name("phases").beginObject();
        for (Map.Entry<Stage, Long> phase : host.phases().entrySet()) {
            json.name(phase.getKey().word()).value(phase.getValue());
        }
        json.endObject();
        json.name("runtime").beginObject();
        for (Map.Entry<String, String> fact : host.runtime().entrySet()) {
            json.name(fact.getKey()).value(fact.getValue());
        }
        json.endObject();
        json.name("message").value(host.message());
        json.endObject();
    }

    private static void replace(Path file, String text) {
        try {
            Path absolute = file.toAbsolutePath();
            Files.createDirectories(absolute.getParent());
            Path partial = absolute.resolveSibling(absolute.getFileName() + ".part");
            Files.write(partial, List.of(text), StandardCharsets.UTF_8);
            Files.move(partial, absolute, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new PhpDeployException(
                    "the result could not be written to " + file,
                    "make its directory writable, or name another file with -Dphp.resultFile",
                    e);
        }
    }
}
