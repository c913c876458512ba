package io.github.phpdeploy.mojo;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import io.github.phpdeploy.runtime.Preview;

/** A runtime that is reloaded by a command, shows its release on a page, and has a command try releases. */
abstract class ShownBean {

    private String url;
    private String releaseHeader;
    private String releaseBody;
    private String preview;

    /** What is said, by name: the properties' values, and the element's where those say nothing. */
    private Map<String, String> values = Map.of();

    /** Takes what the properties say, null where they say nothing, and the element where they do not. */
    final void fill(Map<String, String> properties, Map<String, String> element) {
        Map<String, String> all = new HashMap<>(element);
        all.put("url", url);
        all.put("releaseHeader", releaseHeader);
        all.put("releaseBody", releaseBody);
        all.put("preview", preview);
        properties.forEach((name, value) -> {
            if (value != null) {
                all.put(name, value);
            }
        });
        values = all;
    }

    final Optional<String> given(String name) {
        return Optional.ofNullable(values.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    final ReleasePage page(String runtime) {
        return new ReleasePage(runtime, given("url"), given("releaseHeader"), given("releaseBody"));
    }

    final Optional<Preview> preview(String runtime, Runtimes.Common common) {
        return given("preview")
                .map(command -> new Preview("php." + runtime + ".preview", command, common.reloadLimit()));
    }
}
