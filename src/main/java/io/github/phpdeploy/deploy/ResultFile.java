package io.github.phpdeploy.deploy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
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
        JsonObject json = head(result.action(), result.release(), result.outcome(), result.millis());
        JsonArray hosts = new JsonArray();
        result.hosts().forEach(host -> hosts.add(json(host)));
        json.add("hosts", hosts);
        json.addProperty(
                "message",
                result instanceof DeployResult.Failure failure
                        ? String.valueOf(failure.cause().getMessage())
                        : "");
        write(json, file);
    }

    /**
     * Writes that it failed before any host was asked.
     *
     * @param action {@code deploy} or {@code rollback}
     * @param failure what was wrong
     * @param file where to write; its directory is made
     */
    public static void write(String action, PhpDeployException failure, Path file) {
        JsonObject json = head(action, "", HostOutcome.Outcome.FAILED.word(), 0);
        json.add("hosts", new JsonArray());
        json.addProperty("message", failure.getMessage());
        write(json, file);
    }

    private static JsonObject head(String action, String release, String outcome, long millis) {
        JsonObject json = new JsonObject();
        json.addProperty("action", action);
        json.addProperty("release", release);
        json.addProperty("outcome", outcome);
        json.addProperty("millis", millis);
        return json;
    }

    private static JsonObject json(HostOutcome host) {
        JsonObject json = new JsonObject();
        json.addProperty("name", host.host());
        json.addProperty("outcome", host.outcome().word());
        json.addProperty("previous", host.previous());
        json.addProperty("current", host.current());
        json.addProperty("filesTotal", host.filesTotal());
        json.addProperty("filesSent", host.filesSent());
        json.addProperty("filesReused", host.filesReused());
        json.addProperty("bytesSent", host.bytesSent());
        json.addProperty("bytesTotal", host.bytesTotal());
        JsonObject phases = new JsonObject();
        host.phases().forEach((stage, millis) -> phases.addProperty(stage.word(), millis));
        json.add("phases", phases);
        JsonObject runtime = new JsonObject();
        host.runtime().forEach(runtime::addProperty);
        json.add("runtime", runtime);
        json.addProperty("message", host.message());
        return json;
    }

    private static void write(JsonObject json, Path file) {
        String text = new GsonBuilder()
                        .setPrettyPrinting()
                        .disableHtmlEscaping()
                        .create()
                        .toJson(json)
                + "\n";
        try {
            Path absolute = file.toAbsolutePath();
            Files.createDirectories(absolute.getParent());
            Path partial = absolute.resolveSibling(absolute.getFileName() + ".part");
            Files.write(partial, List.of(text.stripTrailing()), StandardCharsets.UTF_8);
            Files.move(partial, absolute, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new PhpDeployException(
                    "the result could not be written to " + file,
                    "make its directory writable, or name another file with -Dphp.resultFile",
                    e);
        }
    }
}
