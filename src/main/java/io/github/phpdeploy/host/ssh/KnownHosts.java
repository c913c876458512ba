package io.github.phpdeploy.host.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The host keys that a {@code known_hosts} file trusts, read as sshd(8) describes it: plain and hashed names, patterns
 * and negation, {@code [host]:port}, {@code @cert-authority} and {@code @revoked}. Lines that make no sense are passed
 * over, as OpenSSH does.
 */
final class KnownHosts {

    /** What a file says of a key. */
    sealed interface Verdict {
        /** A line names this host with this key. */
        record Trusted() implements Verdict {}

        /** No line names this host. */
        record Unknown() implements Verdict {}

        /** Lines name this host, but with another key; {@code line} counts from 1. */
        record Changed(int line, String type, String fingerprint) implements Verdict {}

        /** A line forbids this key; {@code line} counts from 1. */
        record Revoked(int line) implements Verdict {}
    }

    private enum Marker {
        NONE,
        CERT_AUTHORITY,
        REVOKED
    }

    private record Line(int number, Marker marker, String hosts, String type, byte[] key) {}

    private final List<Line> lines;

    private KnownHosts(List<Line> lines) {
        this.lines = lines;
    }

    /**
     * Reads a file; one that is not there trusts nobody.
     *
     * @throws IOException when the file is there and cannot be read
     */
    static KnownHosts read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return new KnownHosts(List.of());
        }
        return parse(Files.readString(file, StandardCharsets.ISO_8859_1));
    }

    static KnownHosts parse(String text) {
        List<Line> lines = new ArrayList<>();
        int number = 0;
        for (String raw : text.split("\n", -1)) {
            number++;
            Line line = parse(number, raw.strip());
            if (line != null) {
                lines.add(line);
            }
        }
        return new KnownHosts(List.copyOf(lines));
    }

    private static Line parse(int number, String text) {
        if (text.isEmpty() || text.startsWith("#")) {
            return null;
        }
        String[] words = text.split("[ \t]+", 5);
        Marker marker = Marker.NONE;
        if (words[0].startsWith("@")) {
            switch (words[0]) {
                case "@cert-authority" -> marker = Marker.CERT_AUTHORITY;
                case "@revoked" -> marker = Marker.REVOKED;
                default -> {
                    return null;
                }
            }
            words = Arrays.copyOfRange(words, 1, words.length);
        }
        if (words.length < 3) {
            return null;
        }
        try {
            byte[] key = Base64.getDecoder().decode(words[2]);
            return new Line(number, marker, words[0], words[1], key);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * Judges a key.
     *
     * @param name the host, or {@code [host]:port} where the port is not 22; lower case
     * @param type the key's type in SSH's spelling
     * @param key the key in SSH's wire format
     */
    Verdict judge(String name, String type, byte[] key) {
        Optional<Line> revoked = lines.stream()
                .filter(line -> line.marker == Marker.REVOKED && Arrays.equals(line.key, key) && applies(line, name))
                .findFirst();
        if (revoked.isPresent()) {
            return new Verdict.Revoked(revoked.get().number);
        }
        List<Line> named = keysOf(name);
        if (named.stream().anyMatch(line -> Arrays.equals(line.key, key))) {
            return new Verdict.Trusted();
        }
        // like OpenSSH: the same key under the same name at port 22 will do for another port
        if (name.startsWith("[") && keysOf(withoutPort(name)).stream().anyMatch(line -> Arrays.equals(line.key, key))) {
            return new Verdict.Trusted();
        }
        return named.stream()
                .filter(line -> line.type.equals(type))
                .findFirst()
                .or(() -> named.stream().findFirst())
                .<Verdict>map(line -> new Verdict.Changed(line.number, line.type, fingerprint(line.key)))
                .orElse(new Verdict.Unknown());
    }

    /**
     * Judges a host certificate by the authority that signed it.
     *
     * @param name the host, or {@code [host]:port}; lower case
     * @param authority the signing key in SSH's wire format
     */
    boolean trustsAuthority(String name, byte[] authority) {
        boolean revoked = lines.stream()
                .anyMatch(line ->
                        line.marker == Marker.REVOKED && Arrays.equals(line.key, authority) && applies(line, name));
        return !revoked
                && lines.stream()
                        .anyMatch(line -> line.marker == Marker.CERT_AUTHORITY
                                && Arrays.equals(line.key, authority)
                                && (applies(line, name) || applies(line, withoutPort(name))));
    }

    /** The key types that this file knows of a host, so that the host is asked for one of these first. */
    List<String> typesOf(String name) {
        List<Line> named = keysOf(name);
        return (named.isEmpty() && name.startsWith("[") ? keysOf(withoutPort(name)) : named)
                .stream().map(Line::type).distinct().toList();
    }

    /** Whether a certificate authority vouches for a host of this name. */
    boolean hasAuthorityFor(String name) {
        return lines.stream()
                .anyMatch(line -> line.marker == Marker.CERT_AUTHORITY
                        && (applies(line, name) || applies(line, withoutPort(name))));
    }

    private List<Line> keysOf(String name) {
        return lines.stream()
                .filter(line -> line.marker == Marker.NONE && applies(line, name))
                .toList();
    }

    private static String withoutPort(String name) {
        return name.startsWith("[") ? name.substring(1, name.lastIndexOf(']')) : name;
    }

    private static boolean applies(Line line, String name) {
        if (line.hosts.startsWith("|")) {
            return matchesHash(line.hosts, name);
        }
        boolean matches = false;
        for (String pattern : line.hosts.toLowerCase(Locale.ROOT).split(",")) {
            if (pattern.startsWith("!")) {
                if (matchesPattern(pattern.substring(1), name)) {
                    return false;
                }
            } else {
                matches = matches || matchesPattern(pattern, name);
            }
        }
        return matches;
    }

    /** Matches {@code *} and {@code ?}; going back to the last star only, so that no pattern is costly. */
    private static boolean matchesPattern(String pattern, String name) {
        int p = 0;
        int n = 0;
        int star = -1;
        int resume = 0;
        while (n < name.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = n;
            } else if (p < pattern.length() && (pattern.charAt(p) == '?' || pattern.charAt(p) == name.charAt(n))) {
                p++;
                n++;
            } else if (star >= 0) {
                p = star + 1;
                n = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    private static boolean matchesHash(String hashed, String name) {
        String[] parts = hashed.split("\\|");
        if (parts.length != 4 || !parts[1].equals("1")) {
            return false;
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(parts[2]), "HmacSHA1"));
            byte[] hash = mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
            return MessageDigest.isEqual(hash, Base64.getDecoder().decode(parts[3]));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    /** A key's fingerprint as {@code ssh-keygen -l} prints it. */
    static String fingerprint(byte[] key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
