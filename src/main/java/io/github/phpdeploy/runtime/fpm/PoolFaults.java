package io.github.phpdeploy.runtime.fpm;

import java.io.IOException;
import java.util.Locale;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Printable;

/** Why a pool does not answer, and what to do about it. */
final class PoolFaults {

    private PoolFaults() {}

    /** Nobody answers at the socket, or not us. */
    static PhpDeployException unreachable(Pool pool, FpmConfig.Section section, IOException cause) {
        String host = pool.host().name();
        String why = Printable.line(String.valueOf(cause.getMessage()));
        String what = "the pool's socket " + pool.address() + " on " + host + " cannot be asked: " + why;
        if (why.toLowerCase(Locale.ROOT).contains("permission denied")) {
            return new PhpDeployException(
                    what,
                    "let the account that deploys connect to it, on " + host + ": \"listen.acl_users\" with both the"
                            + " web server's account and this one in the pool's configuration, or add it to the"
                            + " socket's group (usermod -aG "
                            + section.group().orElse("www-data") + " ACCOUNT, then log in anew)",
                    cause);
        }
        return new PhpDeployException(
                what, "check that php-fpm listens there, or correct php.fpm.socket to what \"listen =\" says", cause);
    }

    /** Something answered, but it was not our script. */
    static PhpDeployException refused(Pool pool, FpmConfig.Section section, String file, FastCgi.Reply reply) {
        String host = pool.host().name();
        String said = Printable.line(reply.errors() + " " + reply.body());
        said = said.substring(0, Math.min(300, said.length()));
        String what = "the pool " + section.name() + " on " + host + " does not run " + file + " (status "
                + reply.status() + (said.isEmpty() ? "" : ", " + said) + ")";
        if (said.contains("limit_extensions")) {
            return new PhpDeployException(
                    what,
                    "add .php to security.limit_extensions of that pool; it has "
                            + String.join(" ", section.extensions()));
        }
        if (said.contains("open_basedir") || section.openBasedir().isPresent()) {
            return new PhpDeployException(
                    what,
                    "its open_basedir is " + section.openBasedir().orElse("set elsewhere")
                            + ": name a directory inside of it, outside of every web root, with php.fpm.probeDirectory, or"
                            + " add the deploy path to it");
        }
        return new PhpDeployException(
                what,
                "let the pool's account"
                        + section.user().map(user -> " " + user).orElse("")
                        + " pass through that directory and all above it, or name another one, outside of every web"
                        + " root, with php.fpm.probeDirectory");
    }
}
