package io.github.phpdeploy.mojo;

import java.util.List;

import javax.inject.Inject;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.deploy.HostConnector;
import io.github.phpdeploy.deploy.Shared;
import io.github.phpdeploy.deploy.SiteOperations;
import io.github.phpdeploy.deploy.Writable;
import io.github.phpdeploy.runtime.Finding;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;

/**
 * Checks every host for what makes deploys lose requests or serve old code, and says the fix. Fails when there is such a thing.
 */
@Mojo(name = "doctor", requiresProject = false, aggregator = true, threadSafe = true)
public class DoctorMojo extends AbstractRuntimeMojo {

    /** {@code text}, or {@code json} for programs. */
    @Parameter(property = "php.format", defaultValue = "text")
    private String format;

    /** As for php:deploy; the directories are looked at. */
    @Parameter
    private SharedBean shared;

    /** As for php:deploy; the directories are looked at. */
    @Parameter
    private WritableBean writable;

    /**
     * The goal.
     *
     * @param decrypter decrypts passwords of settings.xml
     */
    @Inject
    public DoctorMojo(SettingsDecrypter decrypter) {
        super(decrypter);
    }

    @Override
    void run() {
        if (!List.of("text", "json").contains(format)) {
            throw new PhpDeployException("php.format is \"" + format + "\"", "set it to text or json");
        }
        List<SiteOperations.Answer<List<Finding>>> answers = new SiteOperations(HostConnector.STANDARD, targets())
                .diagnose(
                        runtime(),
                        shared == null ? Shared.none() : shared.toShared(project.getBasedir()),
                        writable == null ? Writable.none() : writable.toWritable());
        if (format.equals("json")) {
            getLog().info(json(answers).toString());
        } else {
            answers.forEach(this::tell);
        }
        long harmful = answers.stream()
                .flatMap(answer -> answer.answer().stream())
                .filter(Finding::harmful)
                .count();
        if (harmful > 0) {
            throw new PhpDeployException(
                    harmful + (harmful == 1 ? " finding makes" : " findings make")
                            + " deploys lose requests, serve old code or fail",
                    "do what the lines above say");
        }
    }

    private void tell(SiteOperations.Answer<List<Finding>> answer) {
        if (answer.answer().isEmpty()) {
            getLog().info(answer.host() + ": nothing was found");
        }
        for (Finding finding : answer.answer()) {
            String line = answer.host() + ": " + finding.what() + "; " + finding.cost() + "; " + finding.fix();
            if (finding.harmful()) {
                getLog().error(line);
            } else {
                getLog().warn(line);
            }
        }
    }

    private static JsonArray json(List<SiteOperations.Answer<List<Finding>>> answers) {
        JsonArray hosts = new JsonArray();
        for (SiteOperations.Answer<List<Finding>> answer : answers) {
            JsonArray findings = new JsonArray();
            for (Finding finding : answer.answer()) {
                JsonObject one = new JsonObject();
                one.addProperty("harmful", finding.harmful());
                one.addProperty("what", finding.what());
                one.addProperty("cost", finding.cost());
                one.addProperty("fix", finding.fix());
                findings.add(one);
            }
            JsonObject host = new JsonObject();
            host.addProperty("name", answer.host());
            host.add("findings", findings);
            hosts.add(host);
        }
        return hosts;
    }
}
