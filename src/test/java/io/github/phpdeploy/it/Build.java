package io.github.phpdeploy.it;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Maven builds of one project, each in a process of its own, as a user would start them. */
public final class Build {

    private final Path project;
    private final Path mavenHome;
    private final Path localRepository;
    private final Map<String, String> properties = new LinkedHashMap<>();
    private final Map<String, String> environment = new LinkedHashMap<>();

    /**
     * Builds of a project.
     *
     * @param project its directory
     * @param mavenHome the Maven to run
     * @param localRepository where the plugin under test is installed
     */
    public Build(File project, File mavenHome, File localRepository) {
        this.project = project.toPath().toAbsolutePath();
        this.mavenHome = mavenHome.toPath();
        this.localRepository = localRepository.toPath().toAbsolutePath();
    }

    /** User properties that every build gets. */
    public Build with(Map<String, String> more) {
        properties.putAll(more);
        return this;
    }

    /** A variable of every build's environment. */
    public Build environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** A build that has ended. */
    public record Ended(int exitCode, String log) {

        /** This build, if it succeeded. */
        public Ended succeeded() {
            if (exitCode != 0) {
                throw new AssertionError("the build failed:\n" + log);
            }
            return this;
        }

        /** This build, if it failed with these words in its log. */
        public Ended failedWith(String... words) {
            if (exitCode == 0) {
                throw new AssertionError("the build did not fail:\n" + log);
            }
            String flat = log.replaceAll("\\s+", " ");
            for (String word : words) {
                if (!flat.contains(word)) {
                    throw new AssertionError("\"" + word + "\" is missing in:\n" + log);
                }
            }
            if (log.contains("\tat ") || log.contains("Exception in thread")) {
                throw new AssertionError("there is a stack trace in:\n" + log);
            }
            return this;
        }
    }

    /** The settings of all projects under src/it, where the developer's own repository is asked before the network. */
    private Path settings() {
        Path repository = Path.of(System.getProperty("user.home"), ".m2", "repository");
        try {
            String text = Files.readString(Path.of("src/it/settings.xml"))
                    .replace("@localRepositoryUrl@", repository.toUri().toString());
            return Files.writeString(Files.createTempFile(localRepository, "settings", ".xml"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a build and returns at once. */
    public Running start(String... arguments) {
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        List<String> command = new ArrayList<>();
        command.add(
                mavenHome.resolve("bin").resolve(windows ? "mvn.cmd" : "mvn").toString());
        command.add("-B");
        command.add("-Dmaven.repo.local=" + localRepository);
        command.add("-s");
        command.add(settings().toString());
        properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of(arguments));
        try {
            Path log = Files.createTempFile(project, "build-", ".log");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(project.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().remove("MAVEN_DEBUG_OPTS");
            // many short builds: no time to compile for speed
            builder.environment().put("MAVEN_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto");
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            return new Running(process, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A build that runs. */
    public record Running(Process process, Path log) {

        /** What it has said so far. */
        public String said() {
            try {
                return Files.readString(log, StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Waits for its end. */
        public Ended end() {
            try {
                if (!process.waitFor(5, TimeUnit.MINUTES)) {
                    kill();
                    throw new AssertionError("the build did not end:\n" + said());
                }
                return new Ended(process.exitValue(), said());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        /** Kills the whole of it as kill -9 does: the script that started Java, and Java. */
        public void kill() {
            List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
            all.add(process.toHandle());
            // Java first: what it started must not be ended by us, but by itself
            all.stream()
                    .filter(each -> each.info().command().orElse("").endsWith("java"))
                    .forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** Runs a build to its end. */
    public Ended run(String... arguments) {
        return start(arguments).end();
    }

    /** Writes a file of the project. */
    public Build write(String path, String content) {
        Path file = project.resolve(path);
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** The JSON that the last deploy or rollback left. */
    public String result() {
        try {
            return Files.readString(project.resolve("target/php-deploy/result.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
