package io.github.phpdeploy.mojo;

import java.io.File;
import java.nio.file.Path;
import java.util.List;

import org.apache.maven.project.MavenProject;

/** Keeps what Maven itself makes out of the application. */
final class BuildOutput {

    private BuildOutput() {}

    /** The build directory as an exclude pattern, where it lies inside the application. */
    static List<String> inside(File sourceDirectory, MavenProject project) {
        Path source = sourceDirectory.toPath().toAbsolutePath().normalize();
        Path build = Path.of(project.getBuild().getDirectory()).toAbsolutePath().normalize();
        return build.startsWith(source) && !build.equals(source)
                ? List.of(source.relativize(build).toString().replace(File.separatorChar, '/'))
                : List.of();
    }
}
