package io.github.phpdeploy.runtime.fpm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Complaint;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.host.Running;
import io.github.phpdeploy.host.Script;
import io.github.phpdeploy.host.ScriptResult;

/**
 * A script of ours that a pool runs when we ask it over FastCGI. It lies beside {@code current}, outside of every web root,
 * under a name that nobody can guess, as long as this is open; the host takes it away when we close it or are gone.
 *
 * <p>It is never given to the pool by way of {@code auto_prepend_file}: FPM keeps a setting that came with a request for all
 * later requests of that worker.
 */
final class FpmProbe implements AutoCloseable {

    private static final Script PLANT = Script.of(FpmProbe.class, "plant.sh");
    private static final String PHP = read("probe.php");
    private static final SecureRandom RANDOM = new SecureRandom();

    /** How long one probe may lie there. */
    private static final Duration LIFE = Duration.ofHours(1);

    private static final int RANDOM_BYTES = 16;

    private final Pool pool;
    private final FpmConfig.Section section;
    private final String root;
    private final String token;
    private final Running planted;
    private final String file;

    private FpmProbe(Pool pool, FpmConfig.Section section, String root, String token, Running planted, String file) {
        this.pool = pool;
        this.section = section;
        this.root = root;
        this.token = token;
        this.planted = planted;
        this.file = file;
    }

    /**
     * Plants a probe.
     *
     * @param pool who is to run it
     * @param section how that pool is configured
     * @param root the site's deploy path
     * @param directory where the probe is to lie
     * @return the probe; empty when there is no such directory
     */
    static Optional<FpmProbe> plant(Pool pool, FpmConfig.Section section, String root, String directory) {
        Host host = pool.host();
        String token = random();
        String extension =
                section.extensions().isEmpty() || section.extensions().contains(".php")
                        ? ".php"
                        : section.extensions().get(0);
        String user = section.user().orElse("");
        Running running = host.start(
                PLANT,
                List.of(
                        directory,
                        ".php-deploy-probe-" + random() + extension,
                        user,
                        section.group().orElse(user),
                        PHP.replace("@TOKEN@", token)),
                LIFE);
        StringBuilder line = new StringBuilder();
        try {
            for (int c = running.stdout().read();
                    c >= 0 && c != '\n';
                    c = running.stdout().read()) {
                line.append((char) c);
            }
        } catch (IOException e) {
            running.close();
            throw running.failure(e);
        }
        int blank = line.indexOf(" /");
        if (blank < 0) {
            ScriptResult result = running.finish();
            if (result.exitCode() == 30) {
                return Optional.empty();
            }
            throw Complaint.of("the script that asks php-fpm could not be put into " + directory, host, result);
        }
        String path =
                new String(line.substring(blank + 1).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        return Optional.of(new FpmProbe(pool, section, root, token, running, path));
    }

    private static String random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static String read(String name) {
        try (InputStream in = FpmProbe.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Looks at OPcache and the pool's settings. */
    PoolLook look() {
        return ask("look", "", List.of());
    }

    /** Has the pool compile the first of these files that a release has. */
    PoolLook compile(String release, List<String> entries) {
        return ask("compile", release, entries);
    }

    /** Asks one worker where it finds files of {@code current}. */
    PoolLook serve(List<String> files) {
        return ask("serve", "", files);
    }

    /** Asks whether OPcache would execute another release than this for files of {@code current}. */
    PoolLook owners(String release, List<String> files) {
        return ask("owners", release, files);
    }

    /** Asks which directories, of those that are there, cannot be written. */
    PoolLook writes(List<String> directories) {
        return ask("writes", "", directories);
    }

    /** Asks OPcache to forget everything, as soon as no request reads in it. */
    PoolLook reset() {
        return ask("reset", "", List.of());
    }

    private PoolLook ask(String what, String release, List<String> files) {
        Map<String, String> question = new LinkedHashMap<>();
        question.put("PHP_DEPLOY_TOKEN", token);
        question.put("PHP_DEPLOY_ASK", what);
        question.put("PHP_DEPLOY_ROOT", root);
        question.put("PHP_DEPLOY_RELEASE", release);
        question.put("PHP_DEPLOY_FILES", new Gson().toJson(files));
        FastCgi.Reply reply;
        try {
            reply = pool.ask(inside(), question, Host.COMMAND_LIMIT);
        } catch (IOException e) {
            throw PoolFaults.unreachable(pool, section, e);
        }
        try {
            return PoolLook.parse(reply.body());
        } catch (JsonParseException e) {
            throw PoolFaults.refused(pool, section, file, reply);
        }
    }

    /** The file as a pool sees it that may live in a chroot. */
    private String inside() {
        String chroot = section.chroot().map(path -> path.replaceAll("/+$", "")).orElse("");
        if (!chroot.isEmpty() && !file.startsWith(chroot + "/")) {
            throw new PhpDeployException(
                    "the pool " + section.name() + " on " + pool.host().name() + " lives in " + Printable.line(chroot)
                            + ", and sees no file outside, such as " + Printable.line(file),
                    "deploy to a directory below it");
        }
        return file.substring(chroot.length());
    }

    @Override
    public void close() {
        // what ends its input takes the file away; whether it did is known when it has ended
        try {
            planted.finish();
        } catch (PhpDeployException ignored) {
            // the connection is gone: then the host has taken the file away by itself
        }
    }
}
