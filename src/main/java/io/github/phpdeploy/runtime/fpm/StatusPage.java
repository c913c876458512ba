package io.github.phpdeploy.runtime.fpm;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

/**
 * What FPM says of a pool at {@code pm.status_path}.
 *
 * @param pool who is asked
 * @param path what stands in the configuration
 */
record StatusPage(Pool pool, String path) {

    private static final Duration ANSWER = Duration.ofSeconds(10);

    private static final Pattern IN_A_RELEASE = Pattern.compile("/releases/([A-Za-z0-9._-]+)/");

    /**
     * How busy a pool is.
     *
     * @param accepted requests since it was started
     * @param seconds how long ago that was
     */
    record Counts(long accepted, long seconds) {}

    /**
     * Counts requests.
     *
     * @throws IOException when there is no such page
     */
    Counts counts() throws IOException {
        JsonObject status = ask("json");
        return new Counts(number(status, "accepted conn"), number(status, "start since"));
    }

    /**
     * The releases whose scripts are being executed now, by the path that the web server gave.
     *
     * @return the process id that does, by the release's name
     * @throws IOException when there is no such page
     */
    Map<String, String> running() throws IOException {
        Map<String, String> running = new LinkedHashMap<>();
        JsonElement processes = ask("json&full").get("processes");
        if (processes == null || !processes.isJsonArray()) {
            throw new IOException("no list of processes");
        }
        for (JsonElement each : processes.getAsJsonArray()) {
            JsonObject process = each.isJsonObject() ? each.getAsJsonObject() : new JsonObject();
            Matcher script = IN_A_RELEASE.matcher(text(process, "script"));
            // an idle worker shows the script that it ran last
            if (!text(process, "state").equals("Idle") && script.find()) {
                running.put(script.group(1), Long.toString(number(process, "pid")));
            }
        }
        return running;
    }

    /** What comes from a host is data only: what is not there, or is something else, is nothing. */
    private static String text(JsonObject from, String name) {
        JsonElement value = from.get(name);
        return value == null || !value.isJsonPrimitive() ? "" : value.getAsString();
    }

    private static long number(JsonObject from, String name) {
        String text = text(from, name);
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    private JsonObject ask(String query) throws IOException {
        try {
            FastCgi.Reply reply = pool.ask(path, Map.of("SCRIPT_NAME", path, "QUERY_STRING", query), ANSWER);
            JsonObject status = JsonParser.parseString(reply.body()).getAsJsonObject();
            if (!status.has("accepted conn")) {
                throw new IOException("no status page");
            }
            return status;
        } catch (JsonParseException | IllegalStateException e) {
            throw new IOException("no status page", e);
        }
    }
}
