package io.github.phpdeploy.mojo;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.runtime.replace.HttpServer;
import io.github.phpdeploy.runtime.replace.ReplaceSettings;
import io.github.phpdeploy.runtime.replace.Seat;
import io.github.phpdeploy.runtime.replace.Sight;

/** {@code <replace>}: how a master is replaced by another. Properties {@code php.replace.*} win over it. */
public class ReplaceBean {

    private String ports;
    private String sockets;
    private String start;
    private String stop;
    private String signal;
    private String pidFile;
    private String url;
    private String siteUrl;
    private String releaseHeader;
    private String releaseBody;
    private UpstreamBean upstream;

    /** What is said, by name: the properties' values, and the element's where those say nothing. */
    private Map<String, String> values = Map.of();

    /** The same with what the properties say; null where they say nothing. */
    ReplaceBean with(Map<String, String> given) {
        Map<String, String> all = new HashMap<>(given);
        all.putIfAbsent("ports", ports);
        all.putIfAbsent("sockets", sockets);
        all.putIfAbsent("start", start);
        all.putIfAbsent("stop", stop);
        all.putIfAbsent("signal", signal);
        all.putIfAbsent("pidFile", pidFile);
        all.putIfAbsent("url", url);
        all.putIfAbsent("siteUrl", siteUrl);
        all.putIfAbsent("releaseHeader", releaseHeader);
        all.putIfAbsent("releaseBody", releaseBody);
        (upstream == null ? new UpstreamBean() : upstream).into(all);
        ReplaceBean merged = new ReplaceBean();
        merged.values = all;
        return merged;
    }

    /** Maven knows {@code ${…}} itself, and fills in what the POM has; {@code @{…}} it leaves alone. */
    static Optional<String> text(String value) {
        return Optional.ofNullable(value)
                .map(text -> text.strip().replaceAll("@\\{([A-Za-z]+)}", "\\${$1}"))
                .filter(text -> !text.isEmpty());
    }

    private Optional<String> given(String name) {
        return text(values.get(name));
    }

    /** With sudo a server that we start ourselves would run as root. */
    static void refuseRoot(ReplaceSettings settings, String title) {
        if (settings.sudo() && settings.start().isEmpty()) {
            throw new PhpDeployException(
                    "with php.sudo a new " + title + " would be started as root",
                    "say how it is started with <replace><start>, or -Dphp.replace.start, such as \"systemctl start"
                            + " shop@${port}\"");
        }
    }

    /**
     * As a record.
     *
     * @param usual the signal that stops a master unless somebody says another
     * @param needsStart whether there must be a command that starts one
     */
    ReplaceSettings toSettings(String usual, boolean needsStart, boolean sudo, ReplaceSettings.Limits limits) {
        if (needsStart && given("start").isEmpty()) {
            throw new PhpDeployException(
                    "how a new master is started is not known",
                    "set <replace><start>, or -Dphp.replace.start, to a command such as \"systemctl start"
                            + " shop@${port}\"");
        }
        return new ReplaceSettings(
                seats(),
                given("start"),
                given("stop"),
                given("signal").map(name -> name.replaceFirst("^SIG", "")).orElse(usual),
                given("pidFile"),
                new ReplaceSettings.Upstream(
                        given("upstreamFile"),
                        given("upstreamContent"),
                        given("upstreamTest"),
                        given("upstreamService"),
                        given("upstreamPidFile"),
                        given("upstreamCommand")),
                sudo,
                limits);
    }

    private List<Seat> seats() {
        if (given("ports").isPresent() == given("sockets").isPresent()) {
            throw new PhpDeployException(
                    given("ports").isPresent()
                            ? "both php.replace.ports and php.replace.sockets are set"
                            : "where the two masters listen is not known",
                    "name two ports with php.replace.ports, such as 8001,8002, or two paths with php.replace.sockets");
        }
        List<String> addresses = Stream.of(
                        given("ports").or(() -> given("sockets")).get().split("\\s*,\\s*"))
                .filter(address -> !address.isEmpty())
                .toList();
        if (addresses.size() != 2) {
            throw new PhpDeployException(
                    "there must be two ports or sockets, and there " + (addresses.size() == 1 ? "is " : "are ")
                            + addresses.size(),
                    "name one for the master that serves and one for the next, such as 8001,8002");
        }
        return List.of(new Seat(Seat.BLUE, addresses.get(0)), new Seat(Seat.GREEN, addresses.get(1)));
    }

    /**
     * A server that speaks HTTP.
     *
     * @param limit how long it may take to show the release
     */
    HttpServer toServer(Duration limit) {
        String asked = given("url")
                .orElseThrow(
                        () -> new PhpDeployException(
                                "how a master shows which release it executes is not known",
                                "set <replace><url>, or -Dphp.replace.url, to a page of it, such as http://127.0.0.1:${port}/version"));
        return new HttpServer(
                new Sight(asked, given("siteUrl"), given("releaseHeader").orElse(Sight.HEADER), given("releaseBody")),
                limit);
    }
}
