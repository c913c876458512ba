package io.github.phpdeploy.runtime.octane;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.phpdeploy.host.Complaint;
import io.github.phpdeploy.host.Script;
import io.github.phpdeploy.host.ScriptResult;
import io.github.phpdeploy.runtime.Place;

/**
 * What Octane wrote down of a server when it started it: {@code masterProcessId}, and under {@code state} its options, with
 * {@code octaneConfig}, the whole of {@code config/octane.php}. What that says of the server is only the default; which one was
 * started shows in the options that only one of them has.
 *
 * @param path where it is on the host
 * @param current the release that {@code current} leads to; empty for none
 * @param server the server that was started; empty where that cannot be told
 * @param maxWaitTime Swoole's {@code max_wait_time} in seconds, which is 3 unless set; empty for another server
 */
record StateFile(String path, String current, Optional<OctaneServer> server, Optional<Long> maxWaitTime) {

    private static final Script SCRIPT = Script.of(StateFile.class, "state.sh");

    private static final int NONE = 20;

    private static final long DEFAULT_WAIT = 3;

    /** Where Octane keeps it unless told otherwise, below {@code current} or {@code shared}. */
    private static final String USUAL = "/storage/logs/octane-server-state.json";

    /**
     * Reads it.
     *
     * @param file where it is; empty for where Octane keeps it unless told otherwise
     * @return what it says; where there is none, where it would be, and nothing else
     */
    static StateFile read(Place place, Optional<String> file) {
        ScriptResult result = place.host().run(SCRIPT, List.of(place.deployPath(), file.orElse("")));
        if (!result.ok() && result.exitCode() != NONE) {
            throw Complaint.of("Octane's state file could not be read", place.host(), result);
        }
        List<String> lines = result.lines();
        String current = value(lines, 0, "current ");
        String path = value(lines, 1, "file ");
        if (path.isEmpty()) {
            return new StateFile(
                    file.orElse(place.deployPath() + "/shared" + USUAL), current, Optional.empty(), Optional.empty());
        }
        return parse(path, current, lines.stream().skip(2).collect(Collectors.joining("\n")));
    }

    private static String value(List<String> lines, int at, String name) {
        return lines.size() > at && lines.get(at).startsWith(name)
                ? lines.get(at).substring(name.length())
                : "";
    }

    /** What a text says; nothing where it is half written, as by a server that is just starting. */
    static StateFile parse(String path, String current, String text) {
        try {
            JsonElement whole = JsonParser.parseString(text);
            JsonObject state = child(whole, "state");
            Optional<OctaneServer> server = OctaneServer.ofState(state.keySet());
            return new StateFile(
                    path,
                    current,
                    server,
                    server.filter(OctaneServer.SWOOLE::equals).map(swoole -> maxWaitTime(state)));
        } catch (JsonParseException e) {
            return new StateFile(path, current, Optional.empty(), Optional.empty());
        }
    }

    /** The options of {@code config/octane.php} win over Octane's own, which do not name it. */
    private static long maxWaitTime(JsonObject state) {
        JsonElement set =
                child(child(child(state, "octaneConfig"), "swoole"), "options").get("max_wait_time");
        return set != null && set.isJsonPrimitive() && set.getAsString().matches("[0-9]{1,9}")
                ? set.getAsLong()
                : DEFAULT_WAIT;
    }

    private static JsonObject child(JsonElement parent, String name) {
        JsonElement value = parent.isJsonObject() ? parent.getAsJsonObject().get(name) : null;
        return value != null && value.isJsonObject() ? value.getAsJsonObject() : new JsonObject();
    }
}
