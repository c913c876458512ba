package io.github.phpdeploy.mojo;

import java.util.Map;

/** {@code <upstream>}: the proxy in front of two masters. */
public class UpstreamBean {

    private String file;
    private String content;
    private String test;
    private String service;
    private String pidFile;
    private String command;

    /** Puts what is set here where nothing else was said. */
    void into(Map<String, String> values) {
        values.putIfAbsent("upstreamFile", file);
        values.putIfAbsent("upstreamContent", content);
        values.putIfAbsent("upstreamTest", test);
        values.putIfAbsent("upstreamService", service);
        values.putIfAbsent("upstreamPidFile", pidFile);
        values.putIfAbsent("upstreamCommand", command);
    }
}
