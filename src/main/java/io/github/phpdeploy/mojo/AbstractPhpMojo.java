package io.github.phpdeploy.mojo;

import java.io.Console;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.deploy.LogSink;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.apache.maven.settings.Settings;

/** What all goals have in common: they can be skipped, and what goes wrong becomes a failed build with one clear error. */
abstract class AbstractPhpMojo extends AbstractMojo {

    /** The project; a stand-in where there is no POM. */
    @Parameter(defaultValue = "${project}", readonly = true)
    protected MavenProject project;

    /** The build. */
    @Parameter(defaultValue = "${session}", readonly = true)
    protected MavenSession session;

    /** This execution of the goal. */
    @Parameter(defaultValue = "${mojoExecution}", readonly = true)
    private MojoExecution execution;

    /** Maven's settings. */
    @Parameter(defaultValue = "${settings}", readonly = true)
    protected Settings settings;

    /** Whether to do nothing, and to say so in one line. */
    @Parameter(property = "php.skip", defaultValue = "false")
    private boolean skip;

    /**
     * How progress is shown: {@code live} on one line of the terminal, {@code plain} with a line every few seconds, or
     * {@code auto}, which is live on a terminal without {@code -B}.
     */
    @Parameter(property = "php.progress", defaultValue = "auto")
    private String progress;

    @Override
    public final void execute() throws MojoExecutionException, MojoFailureException {
        try {
            if (execution != null) {
                CommandLine.apply(
                        this, execution.getMojoDescriptor(), session.getUserProperties(), project.getBasedir());
            }
            if (skip) {
                getLog().info("Skipped, because php.skip is set");
                return;
            }
            run();
        } catch (PhpDeployException e) {
            throw new MojoFailureException(e.getMessage(), e);
        } catch (RuntimeException e) {
            throw new MojoExecutionException(
                    "php-maven-plugin failed in a way that it should not: " + e
                            + "; run with -e and report it with what that prints",
                    e);
        }
    }

    /**
     * Does what the goal is for.
     *
     * @throws PhpDeployException when it cannot be done
     */
    abstract void run();

    /** Where words go. */
    LogSink sink() {
        boolean live = switch (progress.strip()) {
            case "live" -> true;
            case "plain" -> false;
            case "auto" -> settings.isInteractiveMode() && isTerminal(System.console());
            default ->
                throw new PhpDeployException("php.progress is \"" + progress + "\"", "set it to auto, live or plain");
        };
        return new MavenSink(getLog(), live, System.out);
    }

    /** Since JDK 22 there is always a console, and {@code isTerminal} tells whether somebody sits at it. */
    private static boolean isTerminal(Console console) {
        if (console == null) {
            return false;
        }
        try {
            return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }
}
