package io.github.phpdeploy.probe;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.local.LocalHost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PagesTest {

    private static final URI PAGE = URI.create("http://localhost/version");

    @TempDir
    Path temp;

    /** A server at a Unix socket that answers whoever comes first. */
    private CompletableFuture<String> serving(ServerSocketChannel server, String answer) {
        return CompletableFuture.supplyAsync(() -> {
            try (SocketChannel client = server.accept()) {
                ByteBuffer request = ByteBuffer.allocate(4096);
                client.read(request);
                client.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII)));
                if (answer.isEmpty()) {
                    // says nothing until the other side has had enough
                    client.read(ByteBuffer.allocate(1));
                }
                return new String(request.array(), 0, request.position(), StandardCharsets.US_ASCII);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    @Test
    void asksAtAUnixSocket() throws IOException {
        Path socket = temp.resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                Host host = new LocalHost()) {
            server.bind(UnixDomainSocketAddress.of(socket));
            CompletableFuture<String> asked =
                    serving(server, "HTTP/1.1 200 OK\r\nx-release: r1\r\nContent-Length: 2\r\n\r\nok");
            HttpReply answer = Pages.get(host, socket.toString(), PAGE, Duration.ofSeconds(10));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.headers().get("X-Release")).isEqualTo("r1");
            assertThat(answer.body()).isEqualTo("ok");
            assertThat(asked.join()).startsWith("GET /version HTTP/1.1\r\nHost: localhost\r\n");

            serving(server, "");
            assertThatThrownBy(() -> Pages.get(host, socket.toString(), PAGE, Duration.ofMillis(200)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no answer within");
        }
    }
}
