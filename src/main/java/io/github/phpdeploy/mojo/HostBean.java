package io.github.phpdeploy.mojo;

import java.io.File;

/** A {@code <host>} of {@code <hosts>}. */
public class HostBean {

    private String address;
    private String serverId;
    private String labels;
    private String deployPath;
    private File identityFile;

    /**
     * Takes a host that is written as text.
     *
     * @param address {@code local}, {@code user@host[:port]} or {@code ssh://user@host:port}
     */
    public void set(String address) {
        this.address = address;
    }

    String address() {
        return address;
    }

    String serverId() {
        return serverId;
    }

    String labels() {
        return labels;
    }

    String deployPath() {
        return deployPath;
    }

    File identityFile() {
        return identityFile;
    }
}
