package io.github.phpdeploy.probe;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpServer;
import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.local.LocalHost;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ProberTest {

    private final Host host = new LocalHost();
    private HttpServer server;
    private volatile int status = 200;
    private volatile int recovers;
    private volatile String body = "all is well";
    private volatile String query;
    private final AtomicInteger asked = new AtomicInteger();

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/health", exchange -> {
            query = exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Host");
            if (asked.incrementAndGet() == recovers) {
                status = 200;
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/health?a=b%20c";
    }

    private Health probe(String url, int expected, String pattern) {
        return Prober.probe(
                host, HealthCheck.of(url, expected, pattern, Duration.ofMillis(600), Duration.ofMillis(50)));
    }

    @Test
    void healthyIsHealthy() {
        assertThat(probe(url(), 200, "a.l")).isInstanceOf(Health.Healthy.class);
        assertThat(query)
                .isEqualTo("/health?a=b%20c 127.0.0.1:" + server.getAddress().getPort());
        assertThat(asked).hasValue(1);
    }

    @Test
    void anotherStatusIsNot() {
        status = 302;
        Health health = probe(url(), 200, null);
        assertThat(health).isInstanceOf(Health.Unhealthy.class);
        assertThat(((Health.Unhealthy) health).reason())
                .isEqualTo("status 302 to /elsewhere instead of 200 (all is well)");
        assertThat(asked.get()).isGreaterThan(1);
        assertThat(probe(url(), 302, null)).isInstanceOf(Health.Healthy.class);
    }

    @Test
    void anotherBodyIsNot() {
        body = "\u001b[31mpanic";
        assertThat(((Health.Unhealthy) probe(url(), 200, "well")).reason())
                .isEqualTo("the body does not hold \"well\" ([31mpanic)");
    }

    /** What names the release must be said by that release, and be no regular expression. */
    @Test
    void anotherReleaseIsNot() {
        HealthCheck check =
                HealthCheck.of(url(), 200, "release: @release@$", Duration.ofMillis(600), Duration.ofMillis(50));
        body = "release: 1.0-a";
        assertThat(Prober.probe(host, check.forRelease("1.0-a"))).isInstanceOf(Health.Healthy.class);
        body = "release: 1x0-a";
        assertThat(((Health.Unhealthy) Prober.probe(host, check.forRelease("1.0-a"))).reason())
                .contains("the body does not hold");
        HealthCheck header = HealthCheck.of(url(), 200, null, Duration.ofMillis(600), Duration.ofMillis(50))
                .withHeader("location: /@release@");
        assertThat(Prober.probe(host, header.forRelease("elsewhere"))).isInstanceOf(Health.Healthy.class);
        assertThat(((Health.Unhealthy) Prober.probe(host, header.forRelease("2"))).reason())
                .isEqualTo("location: /elsewhere instead of /2");
        assertThat(((Health.Unhealthy)
                                Prober.probe(host, header.withHeader("X-No: 1").forRelease("2")))
                        .reason())
                .isEqualTo("no header X-No");
        assertThatThrownBy(() -> header.withHeader("X-Release"))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("X-Release: @release@");
    }

    @Test
    void whatBecomesHealthyInTimeIsHealthy() {
        status = 503;
        recovers = 4;
        Health health =
                Prober.probe(host, HealthCheck.of(url(), 200, null, Duration.ofSeconds(20), Duration.ofMillis(50)));
        assertThat(health).isInstanceOf(Health.Healthy.class);
        assertThat(((Health.Healthy) health).attempts()).isEqualTo(4);
    }

    @Test
    void nobodyThereIsNot() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        assertThat(((Health.Unhealthy) probe("http://127.0.0.1:" + port + "/", 200, null)).reason())
                .contains("cannot connect to 127.0.0.1:" + port);
    }

    @Test
    void silenceIsNot() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertThat(((Health.Unhealthy) probe("http://127.0.0.1:" + silent.getLocalPort() + "/", 200, null))
                            .reason())
                    .contains("no answer within");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "nonsense", "ftp://x/", "/health", "http://", "http:///x", "http://a b/", "127.0.0.1:80"})
    void whatIsNoUrlIsRefused(String url) {
        assertThatThrownBy(() -> probe(url, 200, null))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("is no http or https address");
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> probe("http://me:s3cr3t@x/", 200, null))
                .hasMessageContaining("user name or password")
                .hasMessageNotContaining("s3cr3t");
        assertThatThrownBy(() -> probe(url(), 20, null)).hasMessageContaining("no HTTP status code");
        assertThatThrownBy(() -> probe(url(), 200, "(")).hasMessageContaining("no regular expression");
    }
}
