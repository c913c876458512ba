package io.github.phpdeploy.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An nginx in front of a php-fpm pool. */
public final class Nginx extends Server {

    private final int port;

    private Nginx(Path folder, int port) {
        super(
                List.of(
                        "/usr/sbin/nginx",
                        "-p",
                        folder.toString(),
                        "-c",
                        folder.resolve("nginx.conf").toString()),
                Map.of(),
                folder.resolve("nginx.out"),
                () -> listens(port));
        this.port = port;
    }

    /**
     * Starts one.
     *
     * @param folder where its files lie
     * @param root the document root, such as .../current/public
     * @param socket the pool's socket
     * @param scriptRoot {@code $realpath_root} or {@code $document_root}
     */
    public static Nginx start(Path folder, Path root, Path socket, String scriptRoot) {
        int port = freePort();
        return start(
                folder,
                port,
                "  server {\n    listen 127.0.0.1:" + port + ";\n    root " + root
                        + ";\n    index index.php;\n    location ~ \\.php$ {\n      include /etc/nginx/fastcgi_params;\n"
                        + "      fastcgi_pass unix:" + socket + ";\n      fastcgi_param SCRIPT_FILENAME " + scriptRoot
                        + "$fastcgi_script_name;\n      fastcgi_param DOCUMENT_ROOT " + scriptRoot
                        + ";\n    }\n  }\n");
    }

    /**
     * Starts one with servers of the test's choice.
     *
     * @param folder where its files lie
     * @param port where they listen, on 127.0.0.1
     * @param servers what stands in its {@code http} block
     */
    public static Nginx start(Path folder, int port, String servers) {
        try {
            Files.createDirectories(folder.resolve("tmp"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String user = isRoot() ? "user www-data;\n" : "";
        String tmp = folder.resolve("tmp").toString();
        write(
                folder.resolve("nginx.conf"),
                user + "daemon off;\nworker_processes 1;\npid " + folder.resolve("nginx.pid") + ";\nerror_log "
                        + folder.resolve("error.log") + ";\nevents { worker_connections 4096; }\nhttp {\n"
                        + "  access_log off;\n  client_body_temp_path " + tmp + "/b;\n  fastcgi_temp_path " + tmp
                        + "/f;\n  proxy_temp_path " + tmp + "/p;\n  scgi_temp_path " + tmp + "/s;\n  uwsgi_temp_path "
                        + tmp + "/u;\n" + servers + "}\n");
        return new Nginx(folder, port);
    }

    /** Its port on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** Where it answers, without a slash at the end. */
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** An answer: its status and its body. */
    public record Answer(int status, String body) {}

    /** Asks for a page. */
    public Answer get(String path) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url() + path).toURL().openConnection();
            connection.setReadTimeout(10_000);
            int status = connection.getResponseCode();
            var in = status < 400 ? connection.getInputStream() : connection.getErrorStream();
            String body = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new Answer(status, body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
