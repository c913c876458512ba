package io.github.phpdeploy.mojo;

import java.util.ArrayList;
import java.util.List;

/** {@code <hosts>}: a comma-separated list, or {@code <host>} elements. */
public class HostList {

    private final List<HostBean> hosts = new ArrayList<>();

    /**
     * Takes a list that is written as text.
     *
     * @param list addresses, separated by commas
     */
    public void set(String list) {
        for (String address : list.split(",")) {
            if (!address.isBlank()) {
                HostBean host = new HostBean();
                host.set(address.strip());
                hosts.add(host);
            }
        }
    }

    /**
     * Takes one element.
     *
     * @param host a host
     */
    public void addHost(HostBean host) {
        hosts.add(host);
    }

    /** The hosts, one for each address that a range stands for. */
    List<HostBean> hosts() {
        return hosts.stream().flatMap(host -> host.each().stream()).toList();
    }
}
