package io.github.phpdeploy.host;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.phpdeploy.PhpDeployException;

/**
 * Where a host is: this machine, or an SSH server.
 *
 * @param user the account, where the user named one
 * @param host a name or address; IPv6 without brackets; empty for this machine
 * @param port TCP port, where the user named one
 */
public record HostAddress(Optional<String> user, String host, OptionalInt port) {

    private static final Pattern REMOTE = Pattern.compile("(?:ssh://)?(?:(?<user>[^@/:\\s\\p{Cntrl}]+)@)?"
            + "(?:\\[(?<six>[0-9A-Fa-f:.%a-z]+)]|(?<name>[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_.])?))"
            + "(?::(?<port>[0-9]{1,5}))?/?");

    private static final String FORMS = "write local, user@host, user@host:port or ssh://user@host:port";

    /**
     * Reads what a user wrote.
     *
     * @param text {@code local}, {@code [user@]host[:port]} or {@code ssh://[user@]host[:port]}; IPv6 in brackets
     * @return the address
     * @throws PhpDeployException when it is none of these, or holds a password
     */
    public static HostAddress parse(String text) {
        String trimmed = text.strip();
        if (trimmed.equals("local")) {
            return new HostAddress(Optional.empty(), "", OptionalInt.empty());
        }
        if (trimmed.matches("(?:ssh://)?[^@/]*:[^@/]*@.*")) {
            throw new PhpDeployException(
                    "a host address holds a password (not shown)",
                    "put user and password into a <server> of settings.xml and name it with php.serverId");
        }
        Matcher matcher = REMOTE.matcher(trimmed);
        if (!matcher.matches()
                || (matcher.group("user") != null && matcher.group("user").startsWith("-"))) {
            throw new PhpDeployException("\"" + Printable.line(trimmed) + "\" is no host address", FORMS);
        }
        OptionalInt port = OptionalInt.empty();
        if (matcher.group("port") != null) {
            int number = Integer.parseInt(matcher.group("port"));
            if (number < 1 || number > 65535) {
                throw new PhpDeployException(
                        "\"" + trimmed + "\" names port " + number + ", which does not exist", FORMS);
            }
            port = OptionalInt.of(number);
        }
        String host = matcher.group("six") != null ? matcher.group("six") : matcher.group("name");
        return new HostAddress(Optional.ofNullable(matcher.group("user")), host, port);
    }

    /**
     * Whether this is the machine that the build runs on.
     *
     * @return true for {@code local}
     */
    public boolean isLocal() {
        return host.isEmpty();
    }

    /**
     * The address as users write it.
     *
     * @return {@code local} or {@code [user@]host[:port]}
     */
    @Override
    public String toString() {
        if (isLocal()) {
            return "local";
        }
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return user.map(u -> u + "@").orElse("") + name + (port.isPresent() ? ":" + port.getAsInt() : "");
    }
}
