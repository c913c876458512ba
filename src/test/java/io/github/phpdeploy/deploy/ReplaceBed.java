package io.github.phpdeploy.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import io.github.phpdeploy.archive.Selection;
import io.github.phpdeploy.host.HostAddress;
import io.github.phpdeploy.host.ssh.SshSettings;
import io.github.phpdeploy.it.Load;
import io.github.phpdeploy.it.Nginx;
import io.github.phpdeploy.it.Server;
import io.github.phpdeploy.it.Sshd;
import io.github.phpdeploy.probe.HealthCheck;
import io.github.phpdeploy.runtime.Runtime;
import io.github.phpdeploy.runtime.replace.HttpServer;
import io.github.phpdeploy.runtime.replace.ReplaceRuntime;
import io.github.phpdeploy.runtime.replace.ReplaceSettings;
import io.github.phpdeploy.runtime.replace.Seat;
import io.github.phpdeploy.runtime.replace.Sight;

import static org.assertj.core.api.Assertions.assertThat;

/** A host where each deploy starts a new master and has nginx lead to it, with the configuration that the documentation shows. */
final class ReplaceBed implements AutoCloseable, LogSink {

    static final Path DOCUMENTED = Path.of("src/site/resources/replace").toAbsolutePath();

    private static final String START = "php \"${releasePath}/prefork-server.php\" \"${port}\" 6 &";

    private static final String INCLUDES = "echo ' ', include __DIR__ . '/inc.php', ' ',"
            + " include $_SERVER['DOCUMENT_ROOT'] . '/root.php', ' end';";

    /** Real work of a processor: a signal cuts sleep() short. */
    private static final String BUSY = "$end = microtime(true) + 0.25; while (microtime(true) < $end) { md5('x'); } ";

    final Path temp;
    final Path site;
    final Path app;
    final List<String> said = new ArrayList<>();
    final List<Load.Mark> marks = new ArrayList<>();
    private Function<ReplaceSettings, Runtime> runtime;
    ReplaceSettings settings;
    Optional<HealthCheck> health = Optional.empty();
    private Shared shared = Shared.none();
    private Nginx nginx;
    private Sshd sshd;
    private String account;
    private int version;

    ReplaceBed(Path temp, ReplaceSettings settings, Function<ReplaceSettings, Runtime> runtime) {
        this.temp = temp;
        this.site = temp.resolve("srv/shop");
        this.app = temp.resolve("app");
        this.settings = settings;
        this.runtime = runtime;
        if (Server.isRoot()) {
            for (Path at = temp; !at.equals(Path.of("/tmp")) && at.getParent() != null; at = at.getParent()) {
                Server.run("chmod", "a+x", at.toString());
            }
        }
    }

    /** A host with a resident server, written for the tests, at two ports that are free. */
    static ReplaceBed server(Path temp) throws IOException {
        ReplaceBed bed = twoPorts(temp, Optional.of(START), ReplaceBed::http);
        bed.write("prefork-server.php", Files.readString(Path.of("src/test/resources/prefork-server.php")));
        bed.write(
                "entry.php",
                "<?php $_SERVER['DOCUMENT_ROOT'] = __DIR__ . '/public';"
                        + " return function ($uri) { ob_start(); require __DIR__ . '/public' . strtok($uri, '?');"
                        + " return ob_get_clean(); };");
        return bed;
    }

    /** A host with nginx in front of two ports that are free. */
    static ReplaceBed twoPorts(Path temp, Optional<String> start, Function<ReplaceSettings, Runtime> runtime) {
        List<String> ports = List.of(Integer.toString(Server.freePort()), Integer.toString(Server.freePort()));
        ReplaceBed bed = new ReplaceBed(temp, settings(ports, temp.resolve("nginx"), start, "TERM"), runtime);
        bed.nginx("nginx-server.conf");
        return bed;
    }

    /** A page of a master that shows its release. */
    static Sight sight() {
        return new Sight("http://127.0.0.1:${port}/index.php", Optional.empty(), Sight.HEADER, Optional.empty());
    }

    private static Runtime http(ReplaceSettings settings) {
        return new ReplaceRuntime(
                ReplaceRuntime.NAME,
                settings,
                new HttpServer(sight(), settings.limits().prove()));
    }

    void startedBy(String command) {
        started(Optional.of(command));
    }

    /** How a master is started; empty for how the kind of server is. */
    void started(Optional<String> command) {
        settings = new ReplaceSettings(
                settings.seats(),
                command,
                settings.stop(),
                settings.signal(),
                settings.pidFile(),
                settings.upstream(),
                settings.sudo(),
                settings.limits());
    }

    /** How a master is stopped; null for by a signal. */
    void stoppedBy(String command) {
        settings = new ReplaceSettings(
                settings.seats(),
                settings.start(),
                Optional.ofNullable(command),
                settings.signal(),
                settings.pidFile(),
                settings.upstream(),
                settings.sudo(),
                settings.limits());
    }

    /** What survives releases. */
    void sharing(String directory) {
        shared = new Shared(List.of(directory), List.of());
    }

    void drainedWithin(Duration limit) {
        settings = new ReplaceSettings(
                settings.seats(),
                settings.start(),
                settings.stop(),
                settings.signal(),
                settings.pidFile(),
                settings.upstream(),
                settings.sudo(),
                new ReplaceSettings.Limits(
                        settings.limits().reload(), settings.limits().prove(), limit));
    }

    /** What the proxy's file is to hold, and which command switches the proxy, if any. */
    void upstream(Optional<String> content, Optional<String> command) {
        ReplaceSettings.Upstream was = settings.upstream();
        settings = new ReplaceSettings(
                settings.seats(),
                settings.start(),
                settings.stop(),
                settings.signal(),
                settings.pidFile(),
                new ReplaceSettings.Upstream(
                        was.file(),
                        content,
                        was.test(),
                        was.service(),
                        command.isPresent() ? Optional.empty() : was.pidFile(),
                        command),
                settings.sudo(),
                settings.limits());
    }

    /** Settings with what most tests need. */
    static ReplaceSettings settings(List<String> addresses, Path nginx, Optional<String> start, String signal) {
        return new ReplaceSettings(
                List.of(new Seat(Seat.BLUE, addresses.get(0)), new Seat(Seat.GREEN, addresses.get(1))),
                start,
                Optional.empty(),
                signal,
                Optional.empty(),
                new ReplaceSettings.Upstream(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(nginx.resolve("nginx.pid").toString()),
                        Optional.empty()),
                false,
                new ReplaceSettings.Limits(Duration.ofSeconds(5), Duration.ofSeconds(3), Duration.ofSeconds(10)));
    }

    /** Starts nginx with one of the documented files, as it is before the first deploy: without the site. */
    Nginx nginx(String documented) {
        int port = Server.freePort();
        nginx = Nginx.start(
                temp.resolve("nginx"),
                port,
                "  include " + temp.resolve("sites") + "/*;\n  server { listen 127.0.0.1:" + port
                        + " default_server; return 404; }\n");
        try {
            Files.createDirectories(temp.resolve("sites-available"));
            Files.writeString(
                    temp.resolve("sites-available/shop"),
                    Files.readString(DOCUMENTED.resolve(documented))
                            .replace("/srv/shop", site.toString())
                            .replace("include fastcgi_params", "include /etc/nginx/fastcgi_params")
                            .replace("listen 80;", "listen 127.0.0.1:" + port + ";")
                            .replace("shop.example.com", "localhost 127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return nginx;
    }

    /** After the first deploy the site is enabled, once, by hand. */
    void enable() throws IOException {
        enable(200);
    }

    /** The same where something else answers at first. */
    void enable(int status) throws IOException {
        Files.createDirectories(temp.resolve("sites"));
        Files.copy(temp.resolve("sites-available/shop"), temp.resolve("sites/shop"));
        long master =
                Long.parseLong(Files.readString(temp.resolve("nginx/nginx.pid")).strip());
        List<ProcessHandle> before =
                ProcessHandle.of(master).orElseThrow().children().toList();
        hup();
        // an old worker that still listens knows nothing of the site
        Server.await("nginx's old workers to go", () -> before.stream().noneMatch(ProcessHandle::isAlive));
        Server.await("nginx to serve the site", () -> nginx.get("/index.php").status() == status);
    }

    void hup() throws IOException {
        Server.run(
                "kill",
                "-HUP",
                Files.readString(temp.resolve("nginx/nginx.pid")).strip());
    }

    void runtime(Function<ReplaceSettings, Runtime> other) {
        runtime = other;
    }

    Runtime runtime() {
        return runtime.apply(settings);
    }

    void write(String path, String content) {
        try {
            Files.createDirectories(app.resolve(path).getParent());
            Files.writeString(app.resolve(path), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next version: its name stands in the entry and in two files that it includes. */
    String next() {
        String name = "v" + ++version;
        write("public/index.php", "<?php echo '" + name + "'; " + INCLUDES);
        write("public/slow.php", "<?php " + BUSY + "echo '" + name + "'; " + INCLUDES);
        write("public/inc.php", "<?php return '" + name + "';");
        write("public/root.php", "<?php return '" + name + "';");
        return name;
    }

    int version() {
        return version;
    }

    /** Has deploys come over SSH. */
    void overSsh() {
        account = System.getProperty("user.name");
        sshd = Sshd.in(temp.resolve("sshd")).start();
    }

    /** Has them come over SSH to another account, which is none of root's. Needs root itself. */
    void overSshAs(String name, int uid) {
        account = name;
        sshd = Sshd.in(temp.resolve("sshd")).account(name, uid, "", "/bin/sh").start();
    }

    Target target() {
        if (sshd != null) {
            HostAddress address = HostAddress.parse(sshd.address());
            SshSettings ssh = new SshSettings(
                    address,
                    account,
                    Optional.of(sshd.userKey()),
                    Optional.empty(),
                    Optional.empty(),
                    sshd.knownHosts(),
                    Duration.ofSeconds(10));
            return new Target(address, Optional.of(ssh), site.toString());
        }
        return new Target(HostAddress.parse("local"), Optional.empty(), site.toString());
    }

    DeployRequest request() {
        return new DeployRequest(
                app,
                Selection.standard(),
                List.of(target()),
                FleetRules.ALL,
                Rollout.ALL,
                Optional.empty(),
                "1.0",
                Initiator.of(Map.of()),
                temp.resolve("cache"),
                false,
                50,
                Duration.ZERO,
                shared,
                Writable.none(),
                Hooks.none(),
                runtime(),
                health,
                false);
    }

    /** Deploys the next version. */
    DeployResult deploy() {
        return deploy(next());
    }

    private DeployResult deploy(String name) {
        said.clear();
        DeployResult result = new Deployer(HostConnector.STANDARD, new LogWords(this)).deploy(request());
        if (result instanceof DeployResult.Success) {
            marks.add(new Load.Mark(System.nanoTime(), name));
        }
        return result;
    }

    DeployResult.Success succeeds() {
        return succeeded(deploy());
    }

    /** Deploys what the application is now. */
    DeployResult.Success succeedsWith() {
        return succeeded(deploy("as it is"));
    }

    private DeployResult.Success succeeded(DeployResult result) {
        assertThat(result).as(() -> result + "\n" + said).isInstanceOf(DeployResult.Success.class);
        return (DeployResult.Success) result;
    }

    String fails() {
        return failed(deploy());
    }

    /** Deploys what the application is now. */
    String failsWith() {
        return failed(deploy("as it is"));
    }

    private String failed(DeployResult result) {
        assertThat(result).as(() -> result + "\n" + said).isInstanceOf(DeployResult.Failure.class);
        return ((DeployResult.Failure) result).cause().getMessage();
    }

    /** Back to the release before, as often as wanted: that one must be the one before the last mark. */
    void rollback(String name) {
        said.clear();
        DeployResult result = new Rollbacker(HostConnector.STANDARD, new LogWords(this))
                .rollback(new RollbackRequest(
                        List.of(target()),
                        FleetRules.ALL,
                        Optional.empty(),
                        false,
                        Initiator.of(Map.of()),
                        Duration.ZERO,
                        runtime(),
                        health));
        assertThat(result).as(() -> result + "\n" + said).isInstanceOf(DeployResult.Success.class);
        marks.add(new Load.Mark(System.nanoTime(), name));
    }

    String served() {
        return nginx.get("/index.php").body();
    }

    Nginx nginx() {
        return nginx;
    }

    String current() {
        try {
            return Files.readSymbolicLink(site.resolve("current")).getFileName().toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> state() {
        try {
            return Files.readAllLines(site.resolve(".php-deploy/replace/state"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The masters that are up: processes that name this folder, whose parent does not. */
    List<ProcessHandle> masters() {
        List<ProcessHandle> all =
                ProcessHandle.allProcesses().filter(this::isOurs).toList();
        return all.stream()
                .filter(each -> each.parent().filter(all::contains).isEmpty())
                .toList();
    }

    private boolean isOurs(ProcessHandle process) {
        String line;
        try {
            // a title that a process has given itself is not what Java takes for a command line
            line = Files.readString(
                            Path.of("/proc", Long.toString(process.pid()), "cmdline"), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ');
        } catch (IOException gone) {
            return false;
        }
        boolean server = line.contains("prefork-server.php")
                || line.contains("php-fpm: master")
                || line.contains("artisan octane:start");
        return server && line.contains(temp.toString());
    }

    @Override
    public synchronized void info(String line) {
        said.add(line);
    }

    @Override
    public synchronized void warn(String line) {
        said.add("WARN " + line);
    }

    @Override
    public void debug(String line) {}

    @Override
    public void moment(String line) {}

    @Override
    public boolean isLive() {
        return false;
    }

    @Override
    public void close() {
        for (ProcessHandle master : masters()) {
            List<ProcessHandle> workers = master.descendants().toList();
            master.destroyForcibly();
            workers.forEach(ProcessHandle::destroyForcibly);
        }
        if (nginx != null) {
            nginx.close();
        }
        if (sshd != null) {
            sshd.close();
        }
    }
}
