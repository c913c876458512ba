package io.github.phpdeploy.mojo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.github.phpdeploy.deploy.Writable;

/** {@code <writable>}: what the running application writes into. */
public class WritableBean {

    private List<String> dirs = new ArrayList<>();
    private String mode;
    private List<String> acl = new ArrayList<>();

    Writable toWritable() {
        // who names accounts wants an ACL and no mode; who names nothing wants the group to write
        Optional<String> wanted =
                Optional.ofNullable(mode).or(() -> acl.isEmpty() ? Optional.of("0775") : Optional.empty());
        return new Writable(dirs, wanted, acl);
    }
}
