package io.github.phpdeploy.bench;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.phpdeploy.it.Build;
import io.github.phpdeploy.it.Sshd;

/** {@code mvn php:deploy} as CI runs it. */
final class Ours implements Contestant {

    /** The stages between nothing and a release that is ready. */
    private static final List<String> TO_READY = List.of("connect", "lock", "inspect", "upload", "prepare");

    static final String NAME = "mvn php:deploy";

    private final Build build;
    private final Sshd sshd;
    private final Path site;
    private final Path project;
    private final boolean forgets;
    private int deployed;

    /**
     * The plugin.
     *
     * @param sshd its server
     * @param hosts where it has a directory on the host
     * @param project where its project is made
     * @param localRepository where the plugin is installed
     * @param version the plugin's
     * @param forgets whether what a build leaves under {@code target/} is gone before the next, as in CI
     */
    Ours(Sshd sshd, Path hosts, Path project, File localRepository, String version, boolean forgets) {
        this.sshd = sshd;
        this.site = hosts.resolve("ours");
        this.project = project;
        this.forgets = forgets;
        this.build = new Build(project.toFile(), new File(System.getProperty("maven.home")), localRepository)
                .environment("MAVEN_OPTS", "")
                .write("pom.xml", """
                        <project xmlns="http://maven.apache.org/POM/4.0.0">
                          <modelVersion>4.0.0</modelVersion>
                          <groupId>com.example</groupId>
                          <artifactId>bench</artifactId>
                          <version>1</version>
                          <packaging>php</packaging>
                          <build><plugins><plugin>
                            <groupId>io.github.phpdeploy</groupId>
                            <artifactId>php-maven-plugin</artifactId>
                            <version>%s</version>
                            <extensions>true</extensions>
                          </plugin></plugins></build>
                        </project>
                        """.formatted(version));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void host(Path old) {
        Peers.shell("rm -rf " + site + " " + project + "/target");
        if (old != null) {
            run(null, old, sshd.port());
        }
    }

    @Override
    public Figures run(Path old, Path next, int port) {
        if (forgets) {
            Peers.shell("rm -rf " + project + "/target");
        }
        if (old == null) {
            Peers.shell("rm -rf " + site);
        }
        String address = System.getProperty("user.name") + "@127.0.0.1:" + port;
        Path known = sshd.knownHosts().resolveSibling("known_bench");
        try {
            Files.writeString(known, "[127.0.0.1]:" + port + " " + sshd.hostKey("ed25519") + "\n");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        double seconds = Peers.seconds(() -> build.run(
                        "php:deploy",
                        "-Dphp.hosts=" + address,
                        "-Dphp.deployPath=" + site,
                        "-Dphp.sourceDirectory=" + next,
                        "-Dphp.identityFile=" + sshd.userKey(),
                        "-Dphp.knownHostsFile=" + known,
                        "-Dphp.keepReleases=2")
                .succeeded());
        JsonObject phases = JsonParser.parseString(build.result())
                .getAsJsonObject()
                .getAsJsonArray("hosts")
                .get(0)
                .getAsJsonObject()
                .getAsJsonObject("phases");
        double inside = TO_READY.stream()
                        .mapToLong(phase -> phases.get(phase).getAsLong())
                        .sum()
                / 1e3;
        // what goes on in the background after a deploy must not disturb the next contestant
        Peers.shell("while ls " + site + "/.php-deploy/staging | grep -q settle; do sleep 0.1; done");
        check(next);
        return new Figures(seconds, OptionalDouble.of(inside));
    }

    /** A fast deploy of something else would be no deploy: now and then the whole tree is looked at. */
    private void check(Path next) {
        if (deployed++ % 5 == 0) {
            Peers.shell("diff -r " + next + " " + site.resolve("current/"));
        }
    }

    /** What Maven takes for a goal that does nothing. */
    double idle() {
        return Peers.seconds(() -> build.run("php:help").succeeded());
    }
}
