package io.github.phpdeploy.mojo;

import java.io.File;
import java.util.List;

import io.github.phpdeploy.host.HostRange;

/** A {@code <host>} of {@code <hosts>}. */
public class HostBean {

    private String address;
    private String serverId;
    private String labels;
    private String deployPath;
    private File identityFile;
    private String jump;

    /**
     * Takes a host that is written as text.
     *
     * @param address {@code local}, {@code user@host[:port]} or {@code ssh://user@host:port}, possibly with ranges
     */
    public void set(String address) {
        this.address = address;
    }

    /** A host for each address that this one's stands for, with all that it says. */
    List<HostBean> each() {
        if (address == null) {
            return List.of(this);
        }
        return HostRange.expand(address).stream()
                .map(one -> {
                    HostBean host = new HostBean();
                    host.address = one;
                    host.serverId = serverId;
                    host.labels = labels;
                    host.deployPath = deployPath;
                    host.identityFile = identityFile;
                    host.jump = jump;
                    return host;
                })
                .toList();
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

    String jump() {
        return jump;
    }
}
