package io.github.phpdeploy.runtime.replace;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Printable;

/**
 * One of the two places where a site's master can listen.
 *
 * @param color {@code blue} or {@code green}
 * @param address a port, {@code host:port}, or the absolute path of a Unix socket
 */
public record Seat(String color, String address) {

    /** The first. */
    public static final String BLUE = "blue";

    /** The second. */
    public static final String GREEN = "green";

    private static final int MAX_PORT = 65535;

    /**
     * A seat with an address that makes sense.
     *
     * @throws PhpDeployException when it is neither a port nor an absolute path
     */
    public Seat {
        boolean path = address.matches("/[^\\s\"';{}$\\\\]+");
        if (!path && (!address.matches("([A-Za-z0-9.:\\[\\]-]+:)?[0-9]{1,5}") || number(address) > MAX_PORT)) {
            throw new PhpDeployException(
                    "\"" + Printable.line(address) + "\" is neither a port nor the absolute path of a socket",
                    "name two in php.replace.ports, such as 8001,8002, or in php.replace.sockets");
        }
    }

    private static int number(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    /** Whether it is a Unix socket. */
    boolean isPath() {
        return address.startsWith("/");
    }

    /**
     * The port.
     *
     * @return its number; empty for a Unix socket
     */
    public String port() {
        return isPath() ? "" : Integer.toString(number(address));
    }

    /** The address as nginx writes it. */
    String server() {
        if (isPath()) {
            return "unix:" + address;
        }
        return address.contains(":") ? address : "127.0.0.1:" + address;
    }

    /** Whether a text names this address, and not one that only begins or ends like it. */
    boolean isNamedIn(String text) {
        String needle = isPath() ? address : ":" + port();
        for (int at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
            int end = at + needle.length();
            char next = end < text.length() ? text.charAt(end) : ' ';
            if (isPath() ? ";:|\"' \t\r\n".indexOf(next) >= 0 : !Character.isDigit(next)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return color + " (" + (isPath() || address.contains(":") ? address : "port " + address) + ")";
    }
}
