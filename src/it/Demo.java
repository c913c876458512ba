import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Shows the plugin at work on this machine, without server or configuration: deploys the sample application, changes it,
 * deploys it again, rolls back, and shows what lies on the disk. Run by {@code mvn -Pdemo install}, as a single source
 * file, with Maven's home, the plugin's version and a directory to work in as arguments.
 */
public final class Demo {

    private static final String GREETING = "src/greeting.php";

    private final Path maven;
    private final Path project;

    private Demo(Path maven, Path project) {
        this.maven = maven;
        this.project = project;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path project = Path.of(arguments[2]);
        deleteTree(project);
        copySample(Path.of("src/it/sample"), project, arguments[1]);
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        new Demo(Path.of(arguments[0], "bin", windows ? "mvn.cmd" : "mvn"), project).show();
    }

    private void show() throws IOException, InterruptedException {
        say("A sample application. Its first release goes live:");
        mvn("php:deploy");
        page();

        say("One file is changed. Only that file is sent for the next release:");
        Path greeting = project.resolve(GREETING);
        Files.writeString(greeting, Files.readString(greeting).replace("the first release", "the second release"));
        mvn("php:deploy");
        page();

        say("Second thoughts. The first release comes back:");
        mvn("php:rollback");
        page();

        say("The releases, and what was done:");
        mvn("php:releases", "php:history");

        Path site = project.resolve("target/php-site");
        say("What lies on the disk, in " + site + ":");
        tree(site, "");
    }

    private static void say(String words) {
        System.out.println();
        System.out.println("=== " + words);
        System.out.println();
    }

    private void mvn(String... goals) throws IOException, InterruptedException {
        System.out.println("$ mvn " + String.join(" ", goals));
        List<String> command = new ArrayList<>(List.of(maven.toString(), "-B", "-ntp"));
        command.addAll(List.of(goals));
        int exitCode = new ProcessBuilder(command).directory(project.toFile()).inheritIO().start().waitFor();
        if (exitCode != 0) {
            throw new IllegalStateException("mvn " + String.join(" ", goals) + " ended with exit code " + exitCode);
        }
    }

    /** What the site would say now: no PHP is needed to see it. */
    private void page() throws IOException {
        String source = Files.readString(project.resolve("target/php-site/current").resolve(GREETING));
        System.out.println();
        System.out.println("The site says: " + source.replaceAll("(?s).*return '(.*?)'.*", "$1"));
    }

    private static void tree(Path directory, String indent) throws IOException {
        List<Path> children;
        try (Stream<Path> all = Files.list(directory)) {
            children = all.sorted().toList();
        }
        for (Path child : children) {
            String name = indent + child.getFileName();
            if (Files.isSymbolicLink(child)) {
                System.out.println(name + " -> " + Files.readSymbolicLink(child));
            } else if (Files.isDirectory(child)) {
                System.out.println(name + "/");
                tree(child, indent + "    ");
            } else {
                System.out.println(name);
            }
        }
    }

    private static void copySample(Path sample, Path project, String version) throws IOException {
        try (Stream<Path> all = Files.walk(sample)) {
            for (Path from : all.toList()) {
                Path to = project.resolve(sample.relativize(from).toString());
                if (Files.isDirectory(from)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        Path pom = project.resolve("pom.xml");
        Files.writeString(pom, Files.readString(pom).replace("@project.version@", version));
    }

    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> all = Files.walk(root)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
