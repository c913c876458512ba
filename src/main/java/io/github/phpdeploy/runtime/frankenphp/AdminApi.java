package io.github.phpdeploy.runtime.frankenphp;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.probe.HttpReply;
import io.github.phpdeploy.probe.Pages;
import io.github.phpdeploy.runtime.Place;

/**
 * What Caddy's admin API shows of a FrankenPHP that runs: its configuration, at {@code /config/}. Caddy answers only who names it by
 * its address, and on loopback unless told otherwise; {@code frankenphp php-server} has none.
 *
 * @param workers the scripts of its workers, as they are written; of the app {@code frankenphp}, and of handlers {@code php}
 * @param roots document roots that are written inside of {@code php_server}: without placeholder they are resolved once, at the start
 * @param silence why it shows nothing; empty where it does
 */
record AdminApi(List<String> workers, List<String> roots, String silence) {

    private static final Duration ANSWER = Duration.ofSeconds(5);

    private static final int OK = 200;

    AdminApi {
        workers = List.copyOf(workers);
        roots = List.copyOf(roots);
    }

    /**
     * Asks.
     *
     * @param admin the API's address, such as {@code http://localhost:2019}
     */
    static AdminApi ask(Place place, URI admin) {
        try {
            HttpReply reply = Pages.get(place.host(), admin.resolve("/config/"), ANSWER);
            return reply.status() == OK ? parse(reply.body()) : silent("it answers with status " + reply.status());
        } catch (IOException e) {
            return silent(Pages.words(e));
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
            return silent("its answer is no configuration of Caddy");
        }
    }

    private static AdminApi silent(String why) {
        return new AdminApi(List.of(), List.of(), why);
    }

    private static AdminApi parse(String body) {
        JsonObject config = JsonParser.parseString(body).getAsJsonObject();
        List<String> workers = new ArrayList<>();
        List<String> roots = new ArrayList<>();
        JsonObject apps = config.has("apps") ? config.getAsJsonObject("apps") : new JsonObject();
        if (apps.has(FrankenPhp.NAME)) {
            workers(apps.getAsJsonObject(FrankenPhp.NAME), workers);
        }
        walk(apps.get("http"), workers, roots);
        return new AdminApi(workers, roots, "");
    }

    /** Handlers lie in routes, and those in handlers, to any depth. */
    private static void walk(JsonElement element, List<String> workers, List<String> roots) {
        if (element == null || element.isJsonPrimitive() || element.isJsonNull()) {
            return;
        }
        if (element.isJsonArray()) {
            element.getAsJsonArray().forEach(each -> walk(each, workers, roots));
            return;
        }
        JsonObject object = element.getAsJsonObject();
        if (text(object, "handler").equals("php")) {
            workers(object, workers);
            String root = text(object, "root");
            if (!root.isEmpty() && !root.contains("{")) {
                roots.add(root);
            }
        }
        for (Map.Entry<String, JsonElement> each : object.entrySet()) {
            walk(each.getValue(), workers, roots);
        }
    }

    private static void workers(JsonObject holder, List<String> workers) {
        if (holder.has("workers")) {
            holder.getAsJsonArray("workers")
                    .forEach(worker -> workers.add(text(worker.getAsJsonObject(), "file_name")));
        }
    }

    private static String text(JsonObject object, String name) {
        JsonElement value = object.get(name);
        return value == null || !value.isJsonPrimitive() ? "" : Printable.line(value.getAsString());
    }
}
