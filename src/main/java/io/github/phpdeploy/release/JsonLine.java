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

/** A JSON object (RFC 8259) on one line, of texts, numbers, and objects of texts. Gson's tree would load a hundred classes more for it. */
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

    /** An object of texts; left out when it is empty. */
    JsonLine with(String name, Map<String, String> texts) {
        if (!texts.isEmpty()) {
            values.put(name, new LinkedHashMap<>(texts));
        }
        return this;
    }

    /** The object as one line. */
    String line() {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            write(json, values);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(JsonWriter json, Map<?, ?> object) throws IOException {
        json.beginObject();
        for (Map.Entry<?, ?> each : object.entrySet()) {
            json.name(each.getKey().toString());
            if (each.getValue() instanceof Number number) {
                json.value(number);
            } else if (each.getValue() instanceof Map<?, ?> inner) {
                write(json, inner);
            } else {
                json.value((String) each.getValue());
            }
        }
        json.endObject();
    }

    /**
     * Reads an object; what it holds beside texts, numbers and objects of them is passed over.
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
                } else if (token == JsonToken.BEGIN_OBJECT) {
                    object.values.put(name, texts(json));
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

    private static Map<String, String> texts(JsonReader json) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        json.beginObject();
        while (json.hasNext()) {
            String name = json.nextName();
            JsonToken token = json.peek();
            if (token == JsonToken.STRING || token == JsonToken.NUMBER) {
                texts.put(name, json.nextString());
            } else {
                json.skipValue();
            }
        }
        json.endObject();
        return texts;
    }

    /** An object of texts that may be missing; empty then. */
    Map<String, String> texts(String name) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (values.get(name) instanceof Map<?, ?> object) {
            object.forEach((key, value) -> texts.put(key.toString(), value.toString()));
        }
        return texts;
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
