package io.github.phpdeploy.mojo;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.deploy.LabelQuery;
import io.github.phpdeploy.deploy.Labels;
import io.github.phpdeploy.host.HostAddress;

/** Which of the hosts that are configured a goal goes to. */
final class HostChoice {

    private static final String LOCAL = "local";

    private HostChoice() {}

    /**
     * Chooses.
     *
     * @param configured {@code <hosts>}; null for none
     * @param names what {@code php.hosts} says; null for nothing
     * @param on what {@code php.on} says; null for nothing
     * @return the hosts, in order
     * @throws PhpDeployException when no host is left
     */
    static List<HostBean> of(HostList configured, String names, String on) {
        List<HostBean> named = named(configured, names);
        if (on == null || on.isBlank()) {
            return named;
        }
        LabelQuery query = LabelQuery.parse(on);
        List<HostBean> chosen =
                named.stream().filter(host -> query.test(labels(host))).toList();
        if (chosen.isEmpty()) {
            throw new PhpDeployException(
                    "no host matches php.on, \"" + on.strip() + "\"; the labels are: "
                            + named.stream()
                                    .map(host -> host.address() + " (" + labels(host) + ")")
                                    .limit(20)
                                    .collect(Collectors.joining(", ")),
                    "correct php.on, or the <labels> of the hosts");
        }
        return chosen;
    }

    /** What a host's element says of it. */
    static Labels labels(HostBean host) {
        return host.labels() == null ? Labels.NONE : Labels.parse(host.labels());
    }

    private static List<HostBean> named(HostList configured, String names) {
        if (names == null && configured != null) {
            return configured.hosts();
        }
        List<HostBean> known = configured == null ? List.of() : configured.hosts();
        HostList wanted = new HostList();
        wanted.set(names == null ? LOCAL : names);
        List<HostBean> picked = new ArrayList<>();
        for (HostBean one : wanted.hosts()) {
            picked.add(known.stream()
                    .filter(host -> host.address() != null && isSame(host.address(), one.address()))
                    .findFirst()
                    .orElse(one));
        }
        return picked;
    }

    private static boolean isSame(String one, String other) {
        HostAddress a = HostAddress.parse(one);
        HostAddress b = HostAddress.parse(other);
        return a.equals(b)
                || (b.user().isEmpty() && b.port().isEmpty() && a.host().equals(b.host()));
    }
}
