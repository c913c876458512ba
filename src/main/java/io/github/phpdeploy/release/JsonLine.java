package io.github.phpdeploy.release;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;

/** A JSON object (RFC 8259) on one line, of texts and numbers. Gson's tree would load a hundred classes more for it. */
final class JsonLine {

    private final Map<String, Object> values = new LinkedHashMap<>();

    JsonLine with(String name, String text) {
        values.put(name, text);
        return this;
    }

    JsonLine with(String name, long number) {
        values.put(name, number);
        return this;
    }

    /** The object as one line. */
    String line() {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.beginObject();
            for (Map.Entry<String, Object> each : values.entrySet()) {
                json.name(each.getKey());
                if (each.getValue() instanceof Number number) {
                    json.value(number);
                } else {
                    json.value((String) each.getValue());
                }
            }
            json.endObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /**
     * Reads an object; what it holds beside texts and numbers is passed over.
     *
     * @throws IllegalArgumentException when it is none
     */
    static JsonLine parse(String line) {
        JsonLine object = new JsonLine();
        try (JsonReader json = new JsonReader(new StringReader(line))) {
            json.beginObject();
            while (json.hasNext()) {
                String name = json.nextName();
                JsonToken token = json.peek();
                if (token == JsonToken.STRING || token == JsonToken.NUMBER) {
                    object.values.put(name, json.nextString());
                } else {
                    json.skipValue();
                }
            }
            json.endObject();
            if (json.peek() != JsonToken.END_DOCUMENT) {
                throw new IllegalArgumentException("more than an object");
            }
            return object;
        } catch (IOException | IllegalStateException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** A text that may be missing; empty then. */
    String text(String name) {
        return values.getOrDefault(name, "").toString();
    }

    /**
     * A text that must be there.
     *
     * @throws IllegalArgumentException when it is not
     */
    String required(String name) {
        if (!values.containsKey(name)) {
            throw new IllegalArgumentException("no " + name);
        }
        return text(name);
    }

    /**
     * A whole number that may be missing; 0 then.
     *
     * @throws IllegalArgumentException when it is no number
     */
    long number(String name) {
        return values.containsKey(name) ? Long.parseLong(text(name)) : 0;
    }
}
