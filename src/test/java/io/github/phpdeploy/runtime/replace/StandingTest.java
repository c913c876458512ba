package io.github.phpdeploy.runtime.replace;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Which of two masters serves, by what a host shows. */
class StandingTest {

    private static final Seat BLUE = new Seat(Seat.BLUE, "8001");
    private static final Seat GREEN = new Seat(Seat.GREEN, "8002");

    private static ReplaceSettings settings(Seat... seats) {
        return new ReplaceSettings(
                List.of(seats),
                Optional.empty(),
                Optional.empty(),
                "TERM",
                Optional.empty(),
                new ReplaceSettings.Upstream(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                false,
                new ReplaceSettings.Limits(Duration.ZERO, Duration.ZERO, Duration.ZERO));
    }

    @ParameterizedTest
    @CsvSource({
        // what the proxy's file names counts, whatever is in writing
        "upstream server 127.0.0.1:8002;|state live blue|up blue 1 php|up green 2 php, green, true",
        "upstream server 127.0.0.1:8001;|state live blue|state seat blue r1|up blue 1 php, blue, false",
        // a port that begins like another is another
        "upstream server 127.0.0.1:80011;, none, false",
        // both, or none: then what is in writing
        "upstream server 127.0.0.1:8001;|upstream server 127.0.0.1:8002 backup;|state live green, green, false",
        "state live green|state seat green r1, green, false",
        // cut off between the file and the reload, and the new one is gone since
        "upstream server 127.0.0.1:8002;|state live blue|state going green|state seat blue r1|up blue 1 php, blue, true",
        // cut off while a command switched: whoever serves what is current
        "current releases/r2|state live blue|state going green|state seat blue r1|state seat green r2|up blue 1 x|up green 2 x, green, true",
        "current releases/r2|state nonsense|state, none, false"
    })
    void whoServes(String host, String color, boolean unsettled) {
        Standing standing = Standing.parse(List.of(host.split("\\|")));
        Optional<Seat> live = standing.live(settings(BLUE, GREEN));
        assertThat(live.map(Seat::color).orElse("none")).isEqualTo(color);
        if (host.contains("seat ")) {
            assertThat(standing.isUnsettled(live)).isEqualTo(unsettled);
        }
    }

    @Test
    void whatIsWrittenIsRead() {
        Standing.Book book =
                Standing.parse(List.of("state live blue", "state seat blue r1")).book();
        Standing.Book going = book.with(Seat.GREEN, "r2").switching(Seat.GREEN);
        List<String> lines = going.text().lines().map(line -> "state " + line).toList();
        assertThat(Standing.parse(lines).book()).isEqualTo(going);
        assertThat(going.live(Seat.GREEN).without(Seat.BLUE).text()).isEqualTo("live green\nseat green r2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0x1", "70000", "relative.sock", "/run/a b.sock", "/run/${x}.sock", "/run/a;.sock", "a b:1"})
    void noAddress(String address) {
        assertThatThrownBy(() -> new Seat(Seat.BLUE, address))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("neither a port nor the absolute path of a socket");
    }

    @Test
    void twoOfOneAreNone() {
        assertThatThrownBy(() -> settings(BLUE, new Seat(Seat.GREEN, "8001"))).hasMessageContaining("two different");
    }

    @Test
    void whoCannotBeSeenCannotBeStopped() {
        ReplaceSettings settings = settings(BLUE, GREEN);
        Standing standing = Standing.parse(List.of("up blue ? ", "up green 17 php"));
        assertThat(standing.isOutOfSight(BLUE, settings)).isTrue();
        assertThat(standing.isOutOfSight(GREEN, settings)).isFalse();
        assertThat(standing.who(BLUE)).isEqualTo("somebody");
        assertThat(standing.who(GREEN)).isEqualTo("process 17 php");
    }

    @Test
    void placeholdersAreFilledIn() {
        Seat socket = new Seat(Seat.GREEN, "/run/shop.sock");
        assertThat(Placeholders.fill("${server} ${release} ${releasePath} ${other} $x", socket, "r$1", "/srv/r\\1"))
                .isEqualTo("unix:/run/shop.sock r$1 /srv/r\\1 ${other} $x");
        assertThat(Placeholders.fill("${server} ${port} ${color}", BLUE, "r", "/r"))
                .isEqualTo("127.0.0.1:8001 8001 blue");
        assertThat(socket.isNamedIn("set $x unix:/run/shop.sock;")).isTrue();
        assertThat(socket.isNamedIn("set $x unix:/run/shop.sock2;")).isFalse();
    }

    @Test
    void aSightShowsARelease() {
        assertThatThrownBy(() -> new Sight("ftp://x", Optional.empty(), Sight.HEADER, Optional.empty()))
                .hasMessageContaining("php.replace.url");
        assertThatThrownBy(() ->
                        new Sight("http://127.0.0.1:${port}/", Optional.empty(), Sight.HEADER, Optional.of("release")))
                .hasMessageContaining("does not hold ${release}");
    }
}
