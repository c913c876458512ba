package io.github.phpdeploy.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.phpdeploy.it.Load;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A resident server is replaced under load: no request fails, and none is served by an old release once the goal has returned. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
@Tag("load")
class ReplaceServerIT {

    private static final int LONG = Integer.getInteger("load.switches", 0);

    @TempDir
    Path temp;

    private ReplaceBed bed;

    @BeforeEach
    void start() throws IOException {
        bed = ReplaceBed.server(temp);
        bed.succeeds();
        bed.enable();
    }

    @AfterEach
    void stop() {
        bed.close();
    }

    @Test
    void nothingIsLost() {
        bed.overSsh();
        Load load = new Load(bed.nginx().port(), 4, Map.of("/index.php", 6, "/slow.php", 2));
        int count = Math.max(5, LONG);
        for (int i = 0; i < count; i++) {
            bed.succeeds();
            assertThat(bed.masters()).as(() -> bed.said + "\n" + bed.state()).hasSize(1);
        }
        for (int i = 1; i <= 3; i++) {
            bed.rollback("v" + (bed.version() - i));
        }
        Load.Tally tally = load.end(bed.marks);
        System.out.println("[load] replace, resident server, " + count + " deploys, 3 rollbacks: " + tally);
        assertThat(tally.failed()).as(tally::toString).isEmpty();
        assertThat(tally.torn()).as(tally::toString).isEmpty();
        assertThat(tally.stale()).as(tally::toString).isEmpty();
        assertThat(tally.visits()).hasSizeGreaterThan(300);
    }

    /** nginx closes connections that nobody uses when it reloads: then visitors open another, as browsers do. */
    @Test
    void keptConnectionsLoseNothingButIdleOnes() throws InterruptedException {
        Kept kept = new Kept(bed.nginx().port());
        List<Thread> visitors = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Thread visitor = new Thread(kept::visit);
            visitor.start();
            visitors.add(visitor);
        }
        int count = Math.max(4, LONG);
        for (int i = 0; i < count; i++) {
            bed.succeeds();
        }
        kept.over = true;
        for (Thread visitor : visitors) {
            visitor.join(TimeUnit.SECONDS.toMillis(30));
        }
        System.out.println("[load] replace, resident server, " + count + " deploys, kept connections: "
                + kept.answers.size() + " requests, " + kept.failures.size() + " failed, " + kept.idle
                + " idle connections closed");
        assertThat(kept.failures).isEmpty();
        assertThat(kept.answers).hasSizeGreaterThan(300);
        assertThat(kept.idle.get()).isLessThanOrEqualTo(6 * (count + 1));
        assertThat(kept.answers).allMatch(body -> body.matches("(v[0-9]+) \\1 \\1 end"));
    }

    /** Visitors that keep their connections. */
    private static final class Kept {

        private final int port;
        private final ConcurrentLinkedQueue<String> answers = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        private final AtomicInteger idle = new AtomicInteger();
        private volatile boolean over;

        Kept(int port) {
            this.port = port;
        }

        void visit() {
            while (!over) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    socket.setSoTimeout(10_000);
                    boolean open = true;
                    for (int asked = 0; open && !over; asked++) {
                        open = ask(socket, asked > 0);
                    }
                } catch (IOException | InterruptedException e) {
                    failures.add(e.toString());
                }
            }
        }

        /** One request. Whether the connection is still good. */
        private boolean ask(Socket socket, boolean used) throws IOException, InterruptedException {
            TimeUnit.MILLISECONDS.sleep(4);
            String head;
            try {
                socket.getOutputStream()
                        .write("GET /index.php HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                head = until(socket.getInputStream(), "\r\n\r\n");
            } catch (IOException e) {
                if (!used) {
                    throw e;
                }
                head = "";
            }
            if (head.isEmpty() && used) {
                idle.incrementAndGet();
                return false;
            }
            int at = head.indexOf("Content-Length: ");
            if (!head.startsWith("HTTP/1.1 200 ") || at < 0) {
                failures.add(head);
                return false;
            }
            int length = Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)));
            answers.add(new String(socket.getInputStream().readNBytes(length), StandardCharsets.US_ASCII));
            return !head.contains("Connection: close");
        }

        private static String until(InputStream in, String end) throws IOException {
            StringBuilder text = new StringBuilder();
            for (int c = in.read(); c >= 0; c = in.read()) {
                text.append((char) c);
                if (c == '\n' && text.toString().endsWith(end)) {
                    break;
                }
            }
            return text.toString();
        }
    }
}
