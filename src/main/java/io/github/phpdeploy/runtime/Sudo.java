package io.github.phpdeploy.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.host.Script;
import io.github.phpdeploy.host.ScriptResult;

/** What {@code sudo -n} allows an account, and the line of sudoers that it lacks. */
public final class Sudo {

    private static final Script SCRIPT = Script.of(Sudo.class, "sudo.sh");

    private static final int REFUSED = 31;
    private static final int MISSING = 32;

    private Sudo() {}

    /**
     * Asks sudo whether it would run a command without a password. Runs nothing.
     *
     * @param host where
     * @param command the program and its arguments
     * @param rule the same as sudoers is to have it, where arguments vary
     * @return what is wrong; empty for nothing
     */
    public static Optional<Finding> check(Host host, List<String> command, List<String> rule) {
        List<String> arguments = new ArrayList<>(List.of(Integer.toString(command.size())));
        arguments.addAll(command);
        ScriptResult result = host.run(SCRIPT, arguments);
        if (result.exitCode() != REFUSED && result.exitCode() != MISSING) {
            return Optional.empty();
        }
        String account = "ACCOUNT";
        List<String> words = new ArrayList<>(rule);
        for (String line : result.lines()) {
            account = line.startsWith("account ") ? Printable.line(line.substring(8)) : account;
            if (line.startsWith("program /")) {
                words.set(0, Printable.line(line.substring(8)));
            }
        }
        boolean missing = result.exitCode() == MISSING;
        return Optional.of(new Finding(
                true,
                missing
                        ? "php.sudo is set, and there is no sudo"
                        : "sudo -n refuses to run \"" + String.join(" ", command) + "\" for " + account,
                "deploys fail where that is needed, and cannot be undone then",
                (missing ? "install sudo, and " : "") + advice(account, words)));
    }

    /**
     * Asks sudo whether it would have a master reload. Runs nothing.
     *
     * @param host where
     * @param command the user's own command; one that is more than words is not asked about
     * @param service instead, a systemd unit
     * @param signal instead of both, the signal that is sent
     * @return what is wrong; empty for nothing
     */
    public static Optional<Finding> checkReload(
            Host host, Optional<String> command, Optional<String> service, String signal) {
        if (command.isPresent()) {
            return words(command.get()).flatMap(words -> check(host, words, words));
        }
        if (service.isPresent()) {
            List<String> words = List.of("systemctl", "reload", service.get());
            return check(host, words, words);
        }
        // the process id is another one after each start
        return check(host, List.of("kill", "-" + signal, "2"), List.of("kill", "-" + signal, "[0-9]*"));
    }

    /**
     * A command as its words, where it is nothing but words.
     *
     * @param command what a user wrote, to be run by a shell
     * @return its words; empty when the shell would make something else of it
     */
    public static Optional<List<String>> words(String command) {
        return command.matches("[A-Za-z0-9 _./:=@,+-]+")
                ? Optional.of(List.of(command.strip().split(" +")))
                : Optional.empty();
    }

    /**
     * What to do so that a command is allowed.
     *
     * @param account who deploys
     * @param command the program's path and its arguments; {@code *} and the like stand for what varies
     * @return one clause, with the line that sudoers lacks between quotation marks
     */
    public static String advice(String account, List<String> command) {
        String line = account + " ALL=(root) NOPASSWD: "
                + command.stream()
                        .map(word -> word.replaceAll("[\\\\,:=]", "\\\\$0"))
                        .collect(Collectors.joining(" "));
        return "add the line \"" + line + "\" to sudoers there (visudo -f /etc/sudoers.d/deploy)";
    }

    /**
     * Whether it was sudo that refused.
     *
     * @param complaint what a command said
     * @return true where it was not run at all
     */
    public static boolean refused(String complaint) {
        String said = complaint.toLowerCase(Locale.ROOT);
        return said.contains("sudo: a password is required")
                || said.contains("sudo: a terminal is required")
                || said.contains("is not allowed to execute")
                || said.contains("is not in the sudoers file")
                || said.contains("may not run sudo");
    }
}
