package io.github.phpdeploy.deploy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import io.github.phpdeploy.release.LockHolder;

/**
 * Who runs this build, for the lock and the journal.
 *
 * @param operator the person, as CI or the system knows it
 * @param machine this machine's name
 * @param process this build's process id
 * @param job the CI job's address; empty outside CI
 */
public record Initiator(String operator, String machine, long process, String job) {

    private static final List<String> PEOPLE = List.of(
            "GITLAB_USER_LOGIN",
            "GITHUB_ACTOR",
            "BUILD_USER_ID",
            "BUILDKITE_BUILD_CREATOR",
            "CIRCLE_USERNAME",
            "BITBUCKET_STEP_TRIGGERER_UUID",
            "BUILD_REQUESTEDFOR");

    private static final List<String> JOBS = List.of(
            "CI_JOB_URL",
            "BUILD_URL",
            "BUILDKITE_BUILD_URL",
            "CIRCLE_BUILD_URL",
            "TRAVIS_BUILD_WEB_URL",
            "DRONE_BUILD_LINK");

    /**
     * Who runs this build.
     *
     * @param environment where CI systems tell
     * @return the initiator
     */
    public static Initiator of(Map<String, String> environment) {
        String operator = first(environment, PEOPLE, System.getProperty("user.name", "unknown"));
        return new Initiator(operator, machineName(), ProcessHandle.current().pid(), jobAddress(environment));
    }

    private static String jobAddress(Map<String, String> environment) {
        if (environment.containsKey("GITHUB_RUN_ID") && environment.containsKey("GITHUB_REPOSITORY")) {
            return environment.getOrDefault("GITHUB_SERVER_URL", "https://github.com") + "/"
                    + environment.get("GITHUB_REPOSITORY") + "/actions/runs/"
                    + environment.get("GITHUB_RUN_ID");
        }
        if (environment.containsKey("SYSTEM_TEAMFOUNDATIONCOLLECTIONURI")) {
            return environment.get("SYSTEM_TEAMFOUNDATIONCOLLECTIONURI")
                    + environment.getOrDefault("SYSTEM_TEAMPROJECT", "") + "/_build/results?buildId="
                    + environment.getOrDefault("BUILD_BUILDID", "");
        }
        return first(environment, JOBS, "");
    }

    private static String first(Map<String, String> environment, List<String> names, String otherwise) {
        return names.stream()
                .map(environment::get)
                .filter(value -> value != null && !value.isBlank())
                .findFirst()
                .orElse(otherwise);
    }

    private static String machineName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // a machine whose own name does not resolve says so in front of the colon
            return String.valueOf(e.getMessage()).replaceAll(":.*", "");
        }
    }

    LockHolder holder(String action) {
        byte[] token = new byte[12];
        new SecureRandom().nextBytes(token);
        return new LockHolder(
                "t" + HexFormat.of().formatHex(token), operator, machine, process, job, action, Instant.now());
    }
}
