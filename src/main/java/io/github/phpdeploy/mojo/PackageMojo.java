package io.github.phpdeploy.mojo;

import java.io.File;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

import javax.inject.Inject;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.archive.Application;
import io.github.phpdeploy.archive.ApplicationFile;
import io.github.phpdeploy.archive.ReleaseArchive;
import io.github.phpdeploy.archive.Selection;
import org.apache.maven.artifact.handler.DefaultArtifactHandler;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProjectHelper;

/**
 * Packs the application into a reproducible {@code tar.gz} or {@code zip}, and attaches it as the project's artifact. It
 * holds exactly what {@code php:deploy} would send.
 */
@Mojo(name = "package", defaultPhase = LifecyclePhase.PACKAGE, threadSafe = true)
public class PackageMojo extends AbstractPhpMojo {

    /** The packaging whose main artifact this is. */
    private static final String PACKAGING = "php";

    /** The earliest and the latest time that a ZIP can hold, without the seams at its ends. */
    private static final Instant EARLIEST = Instant.parse("1980-01-02T00:00:00Z");

    private static final Instant LATEST = Instant.parse("2099-12-30T00:00:00Z");

    /** The application's root. */
    @Parameter(property = "php.sourceDirectory", defaultValue = "${project.basedir}")
    private File sourceDirectory;

    /** What belongs to the application, as Ant patterns; everything unless set. */
    @Parameter
    private List<String> includes = new ArrayList<>();

    /** What does not belong to the application, as Ant patterns; a directory is left out with all that it holds. */
    @Parameter
    private List<String> excludes = new ArrayList<>();

    /** Whether version control, IDE files, {@code .env*}, {@code node_modules}, the POM and the like are left out. */
    @Parameter(property = "php.useDefaultExcludes", defaultValue = "true")
    private boolean useDefaultExcludes;

    /** What {@code php:deploy} links into each release: symbolic links may point there. */
    @Parameter
    private SharedBean shared;

    /** {@code tar.gz} or {@code zip}. */
    @Parameter(property = "php.format", defaultValue = "tar.gz")
    private String format;

    /** Where the archive is written. */
    @Parameter(defaultValue = "${project.build.directory}", readonly = true)
    private File outputDirectory;

    /** The archive's name without its extension. */
    @Parameter(defaultValue = "${project.build.finalName}", readonly = true)
    private String finalName;

    /**
     * The time stamp of all entries: ISO 8601, or seconds since 1970. Without it the environment's
     * {@code SOURCE_DATE_EPOCH} is taken, or else 1980.
     */
    @Parameter(defaultValue = "${project.build.outputTimestamp}")
    private String outputTimestamp;

    /** Runs {@code composer install} first: {@code <executable>} and further {@code <options>}. */
    @Parameter
    private ComposerBean composer;

    private final MavenProjectHelper projectHelper;

    /**
     * The goal.
     *
     * @param projectHelper attaches artifacts
     */
    @Inject
    public PackageMojo(MavenProjectHelper projectHelper) {
        this.projectHelper = projectHelper;
    }

    @Override
    void run() {
        if (project.getPackaging().equals("pom") && !project.getModules().isEmpty()) {
            getLog().info("Nothing to package: this project only holds modules");
            return;
        }
        ReleaseArchive.Format kind = ReleaseArchive.Format.parse(format);
        Instant time = timestamp(outputTimestamp, System.getenv("SOURCE_DATE_EPOCH"));
        ComposerStep.run(composer, sourceDirectory.toPath(), getLog());
        List<String> linkable =
                shared == null ? List.of() : shared.toShared(sourceDirectory).paths();
        Selection selection = new Selection(includes, excludes, useDefaultExcludes, linkable)
                .without(BuildOutput.inside(sourceDirectory, project));
        List<ApplicationFile> files = Application.scan(sourceDirectory.toPath(), selection);
        Path archive = outputDirectory.toPath().resolve(finalName + "." + kind.extension());
        ReleaseArchive.write(files, kind, time, archive);
        attach(kind, archive.toFile());
        long count = files.stream()
                .filter(file -> file.kind() != ApplicationFile.Kind.DIRECTORY)
                .count();
        getLog().info("Packed " + count + " files into " + archive);
    }

    private void attach(ReleaseArchive.Format kind, File archive) {
        if (!project.getPackaging().equals(PACKAGING)) {
            projectHelper.attachArtifact(project, kind.extension(), archive);
            return;
        }
        if (kind != ReleaseArchive.Format.TAR_GZ) {
            DefaultArtifactHandler handler = new DefaultArtifactHandler(PACKAGING);
            handler.setExtension(kind.extension());
            handler.setLanguage(PACKAGING);
            project.getArtifact().setArtifactHandler(handler);
        }
        project.getArtifact().setFile(archive);
    }

    /** Maven's convention for reproducible builds; a single character that is no digit switches it off. */
    static Instant timestamp(String configured, String environment) {
        boolean off = configured == null
                || configured.isBlank()
                || (configured.length() == 1 && !Character.isDigit(configured.charAt(0)));
        String text = off ? environment : configured;
        if (text == null || text.isBlank()) {
            return EARLIEST;
        }
        try {
            Instant time = text.chars().allMatch(Character::isDigit)
                    ? Instant.ofEpochSecond(Long.parseLong(text))
                    : OffsetDateTime.parse(text).toInstant();
            Instant whole = time.truncatedTo(ChronoUnit.SECONDS);
            return whole.isBefore(EARLIEST) ? EARLIEST : whole.isAfter(LATEST) ? LATEST : whole;
        } catch (DateTimeException | NumberFormatException e) {
            throw new PhpDeployException(
                    "project.build.outputTimestamp is \"" + text + "\"",
                    "write it as 2026-11-21T21:42:00Z, or as seconds since 1970",
                    e);
        }
    }
}
