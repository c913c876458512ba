package io.github.phpdeploy.runtime.fpm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.phpdeploy.host.Printable;

/**
 * What a pool said of itself and of a site: see {@code probe.php}. All of it comes from the host, and is data only.
 *
 * @param json the answer
 */
record PoolLook(JsonObject json) {

    /**
     * What OPcache has of one release.
     *
     * @param scripts how many files
     * @param memory bytes
     * @param hits how often they were taken from there
     */
    record Cached(int scripts, long memory, long hits) {}

    /**
     * Reads an answer.
     *
     * @throws JsonParseException when it is none
     */
    static PoolLook parse(String body) {
        JsonElement parsed = JsonParser.parseString(body);
        if (!parsed.isJsonObject() || !parsed.getAsJsonObject().has("pid")) {
            throw new JsonParseException("not the probe's answer");
        }
        return new PoolLook(parsed.getAsJsonObject());
    }

    private String text(JsonObject from, String name) {
        JsonElement value = from.get(name);
        return value == null || !value.isJsonPrimitive() ? "" : Printable.line(value.getAsString());
    }

    private static long number(JsonObject from, String name) {
        JsonElement value = from.get(name);
        boolean is = value != null
                && value.isJsonPrimitive()
                && value.getAsJsonPrimitive().isNumber();
        return is ? value.getAsLong() : 0;
    }

    private boolean is(String name) {
        return text(json, name).equals("true");
    }

    private JsonObject object(String name) {
        JsonElement value = json.get(name);
        return value != null && value.isJsonObject() ? value.getAsJsonObject() : new JsonObject();
    }

    private List<String> list(String name) {
        List<String> list = new ArrayList<>();
        JsonElement value = json.get(name);
        if (value != null && value.isJsonArray()) {
            value.getAsJsonArray().forEach(each -> list.add(Printable.line(each.getAsString())));
        }
        return list;
    }

    long pid() {
        return number(json, "pid");
    }

    String php() {
        return text(json, "php");
    }

    /** The release that {@code current} names; empty for none. */
    String current() {
        return text(json, "current");
    }

    /** The deploy path without symbolic links. */
    String realPath() {
        return text(json, "real");
    }

    String ini(String name) {
        return text(object("ini"), name);
    }

    /** All settings of PHP that it was asked for, by name. */
    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        object("ini").keySet().forEach(name -> settings.put(name, ini(name)));
        return settings;
    }

    /** Whether OPcache is on and may be asked. */
    boolean hasOpcache() {
        return is("opcache");
    }

    /** Whether the configuration wants OPcache, though it cannot be asked: it is out of memory, or restricted. */
    boolean opcacheIsSilent() {
        return !hasOpcache() && is("opcacheMeant");
    }

    /** Whether OPcache takes nothing more. */
    boolean isFull() {
        return is("full");
    }

    /** Whether a reset was asked for and waits for requests to end. */
    boolean isResetting() {
        return is("pending");
    }

    /** How often OPcache has forgotten everything since FPM was started: counted when it happens, not when it is asked for. */
    long restarts() {
        return number(json, "restarts");
    }

    long freeKeys() {
        return number(object("keys"), "max") - number(object("keys"), "used");
    }

    long maxKeys() {
        return number(object("keys"), "max");
    }

    long freeMemory() {
        return number(object("memory"), "free");
    }

    /** What OPcache has of each release, by the release's name. */
    Map<String, Cached> releases() {
        Map<String, Cached> releases = new LinkedHashMap<>();
        object("releases").entrySet().forEach(entry -> {
            JsonObject of = entry.getValue().getAsJsonObject();
            releases.put(
                    Printable.line(entry.getKey()),
                    new Cached((int) number(of, "scripts"), number(of, "memory"), number(of, "hits")));
        });
        return releases;
    }

    /**
     * The last release that somebody has visited, as far as OPcache knows. What we tried ourselves before a release was
     * activated is one file that nobody has asked for since.
     */
    Optional<String> visited() {
        return releases().entrySet().stream()
                .filter(entry -> entry.getValue().hits() > 0 || entry.getValue().scripts() > 1)
                .map(Map.Entry::getKey)
                .max(Comparator.naturalOrder());
    }

    /** Files that OPcache has under the unresolved path through {@code current}; not all, if there are many. */
    List<String> linked() {
        return list("linked");
    }

    /** The file of a release that requests begin with. */
    String entry() {
        return text(json, "entry");
    }

    /** What is wrong with that file; empty for nothing. */
    String problem() {
        String fatal = text(json, "fatal");
        return fatal.isEmpty() ? text(json, "problem") : fatal;
    }

    /** Where this worker finds files of {@code current}, by their paths in the release. */
    Map<String, String> resolved() {
        Map<String, String> resolved = new LinkedHashMap<>();
        JsonObject from = object("resolved");
        from.keySet().forEach(name -> resolved.put(name, text(from, name)));
        return resolved;
    }

    /** Who executes the code; empty where PHP does not know. */
    String account() {
        return text(json, "account");
    }

    /** Directories that this account cannot write into. */
    List<String> refused() {
        return list("refused");
    }

    /** Files of {@code current} for which OPcache would execute another release. */
    List<String> stale() {
        return list("stale");
    }
}
