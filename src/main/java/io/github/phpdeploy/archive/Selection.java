package io.github.phpdeploy.archive;

import java.util.ArrayList;
import java.util.List;

/**
 * The rules by which files belong to the application. Patterns are Maven's (Ant's): {@code ?}, {@code *} within a
 * name, {@code **} across directories, {@code dir/} for everything below; they match paths relative to the root. A
 * directory that is excluded is left out with all that it holds.
 *
 * @param includes what to take; empty for everything
 * @param excludes what to leave out
 * @param defaultExcludes whether {@link #DEFAULT_EXCLUDES} are left out as well
 * @param linkable paths that symbolic links may point to although they are not part of the application, because the
 *     host provides them
 */
public record Selection(List<String> includes, List<String> excludes, boolean defaultExcludes, List<String> linkable) {

    /** Left out unless the user says otherwise: version control, IDEs, build tools and their logs, secrets of this machine. */
    public static final List<String> DEFAULT_EXCLUDES = List.of(
            "**/.git",
            "**/.svn",
            "**/.hg",
            "**/.bzr",
            "**/CVS",
            "**/.gitignore",
            "**/.gitattributes",
            "**/.gitmodules",
            "**/.gitkeep",
            ".github",
            ".gitlab",
            ".gitlab-ci.yml",
            ".ci",
            ".circleci",
            ".travis.yml",
            "Jenkinsfile",
            "**/.idea",
            "**/.vscode",
            "**/.fleet",
            "**/.settings",
            "**/.project",
            "**/.classpath",
            "**/.buildpath",
            "nbproject",
            "**/*.iml",
            "**/.DS_Store",
            "**/Thumbs.db",
            "**/*~",
            "**/.*.sw?",
            "**/node_modules",
            "**/.env*",
            "auth.json",
            "**/.editorconfig",
            "**/.phpunit.result.cache",
            "**/.phpunit.cache",
            "**/.php-cs-fixer.cache",
            "pom.xml",
            ".mvn",
            "mvnw",
            "mvnw.cmd",
            "*.log",
            "target");

    /** The rules with immutable lists. */
    public Selection {
        includes = List.copyOf(includes);
        excludes = List.copyOf(excludes);
        linkable = List.copyOf(linkable);
    }

    /**
     * Everything but the defaults.
     *
     * @return the rules of a project that configures nothing
     */
    public static Selection standard() {
        return new Selection(List.of(), List.of(), true, List.of());
    }

    /**
     * These rules and more excludes.
     *
     * @param more further patterns to leave out
     * @return the extended rules
     */
    public Selection without(List<String> more) {
        List<String> all = new ArrayList<>(excludes);
        all.addAll(more);
        return new Selection(includes, all, defaultExcludes, linkable);
    }
}
