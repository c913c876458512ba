package io.github.phpdeploy.mojo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.deploy.Hook;
import io.github.phpdeploy.deploy.Hooks;

/** {@code <hooks>}: the user's commands. */
public class HooksBean {

    private List<HookBean> beforeActivation = new ArrayList<>();
    private List<HookBean> afterActivation = new ArrayList<>();

    /** A {@code <hook>}: a command, or an element with command and once. */
    public static class HookBean {

        private String command;
        private boolean once;

        /**
         * Takes a hook that is written as text.
         *
         * @param command the command
         */
        public void set(String command) {
            this.command = command;
        }

        private Hook toHook() {
            if (command == null || command.isBlank()) {
                throw new PhpDeployException("a <hook> has no command", "write <hook><command>…</command></hook>");
            }
            return new Hook(command.strip(), once);
        }
    }

    Hooks toHooks(Duration limit) {
        return new Hooks(
                beforeActivation.stream().map(HookBean::toHook).toList(),
                afterActivation.stream().map(HookBean::toHook).toList(),
                limit);
    }
}
