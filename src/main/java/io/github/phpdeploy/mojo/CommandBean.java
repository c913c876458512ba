package io.github.phpdeploy.mojo;

import java.util.HashMap;
import java.util.Map;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.runtime.command.CommandRuntime;

/** {@code <command>}: any runtime that one command reloads. Properties {@code php.command.*} win over it. */
public class CommandBean extends ShownBean {

    private String reload;

    /** The same with what the properties say; null where they say nothing. */
    CommandBean with(Map<String, String> properties) {
        Map<String, String> element = new HashMap<>();
        element.put("reload", reload);
        fill(properties, element);
        return this;
    }

    /**
     * As a runtime.
     *
     * @throws PhpDeployException when there is no command, or a part of it makes no sense
     */
    CommandRuntime toRuntime(Runtimes.Common common) {
        String name = CommandRuntime.NAME;
        String command = given("reload")
                .orElseThrow(() -> new PhpDeployException(
                        "php.runtime is command, but there is no command",
                        "write <command><reload>…</reload></command>, or set -Dphp.command.reload"));
        return new CommandRuntime(
                command,
                common.sudo(),
                common.reloadLimit(),
                page(name).given(common.proveLimit()),
                preview(name, common));
    }
}
