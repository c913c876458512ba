package io.github.phpdeploy.deploy;

import java.util.List;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Printable;

/**
 * Directories that the running application writes into.
 *
 * @param directories paths in the application; made when they are missing
 * @param mode what they get, in octal; empty to leave it
 * @param users accounts that get access by an ACL, also to what is made there later
 */
public record Writable(List<String> directories, Optional<String> mode, List<String> users) {

    /** Checked and immutable. */
    public Writable {
        directories = directories.stream().map(Shared::check).toList();
        users = List.copyOf(users);
        mode.filter(text -> !text.matches("[0-7]{3,4}")).ifPresent(text -> {
            throw new PhpDeployException(
                    "<writable><mode> is \"" + Printable.line(text) + "\"", "write it in octal, such as 0775");
        });
        users.stream()
                .filter(user -> !user.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*\\$?"))
                .forEach(user -> {
                    throw new PhpDeployException(
                            "<writable><acl> names the account \"" + Printable.line(user) + "\"",
                            "write the name of an account on the host, such as www-data");
                });
    }

    /**
     * Nothing needs to be made writable.
     *
     * @return no directories
     */
    public static Writable none() {
        return new Writable(List.of(), Optional.empty(), List.of());
    }
}
