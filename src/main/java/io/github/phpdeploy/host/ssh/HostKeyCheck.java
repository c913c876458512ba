package io.github.phpdeploy.host.ssh;

import java.io.IOException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import com.hierynomus.sshj.userauth.certificate.Certificate;
import io.github.phpdeploy.PhpDeployException;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;

/** Lets a connection go on only with a host key that {@code known_hosts} trusts, and keeps the words for a refusal. */
final class HostKeyCheck implements HostKeyVerifier {

    private static final List<String> RSA = List.of("rsa-sha2-512", "rsa-sha2-256");

    private final SshSettings settings;
    private final KnownHosts knownHosts;
    private volatile PhpDeployException refusal;

    /**
     * A check against the file that the settings name.
     *
     * @throws PhpDeployException when that file cannot be read
     */
    HostKeyCheck(SshSettings settings) {
        this.settings = settings;
        try {
            this.knownHosts = KnownHosts.read(settings.knownHostsFile());
        } catch (IOException e) {
            throw new PhpDeployException(
                    "the file of known host keys, " + settings.knownHostsFile() + ", cannot be read",
                    "make it readable, or name another with -Dphp.knownHostsFile",
                    e);
        }
    }

    /** Why the last key was refused; null while none was. */
    PhpDeployException refusal() {
        return refusal;
    }

    @Override
    public List<String> findExistingAlgorithms(String hostname, int port) {
        String name = settings.knownHostsName();
        List<String> algorithms = new ArrayList<>();
        for (String type : knownHosts.typesOf(name)) {
            if (type.equals("ssh-rsa")) {
                algorithms.addAll(RSA);
            } else {
                algorithms.add(type);
            }
        }
        if (knownHosts.hasAuthorityFor(name)) {
            for (KeyType type : KeyType.values()) {
                if (type.getParent() != null) {
                    algorithms.add(type.toString());
                }
            }
        }
        return algorithms;
    }

    @Override
    public boolean verify(String hostname, int port, PublicKey key) {
        if (key instanceof Certificate<?> certificate) {
            if (knownHosts.trustsAuthority(settings.knownHostsName(), certificate.getSignatureKey())) {
                return true;
            }
            return judge(certificate.getKey());
        }
        return judge(key);
    }

    private boolean judge(PublicKey key) {
        String name = settings.knownHostsName();
        String type = KeyType.fromKey(key).toString();
        byte[] blob = new Buffer.PlainBuffer().putPublicKey(key).getCompactData();
        KnownHosts.Verdict verdict = knownHosts.judge(name, type, blob);
        if (verdict instanceof KnownHosts.Verdict.Trusted) {
            return true;
        }
        String shown = type + " key " + KnownHosts.fingerprint(blob);
        String entry = name + " " + type + " " + Base64.getEncoder().encodeToString(blob);
        if (verdict instanceof KnownHosts.Verdict.Unknown) {
            refusal = new PhpDeployException(
                    "the host key of " + settings.address() + " is not known: it showed the " + shown,
                    "compare that fingerprint with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_"
                            + fileName(type) + "_key.pub, on the host) and, when they agree, add this line to "
                            + settings.knownHostsFile() + ":\n" + entry + "\n");
        } else if (verdict instanceof KnownHosts.Verdict.Changed changed) {
            refusal = new PhpDeployException(
                    "the host key of " + settings.address() + " has CHANGED: it showed the " + shown + ", but line "
                            + changed.line() + " of " + settings.knownHostsFile() + " has the " + changed.type()
                            + " key " + changed.fingerprint()
                            + "; somebody may stand between here and the host, or the host was installed anew",
                    "ask whoever runs the host; only when the new key is right, replace that line by:\n" + entry
                            + "\n");
        } else if (verdict instanceof KnownHosts.Verdict.Revoked revoked) {
            refusal = new PhpDeployException(
                    "the host key of " + settings.address() + " is revoked by line " + revoked.line() + " of "
                            + settings.knownHostsFile() + ": it showed the " + shown,
                    "do not connect; ask whoever runs the host for its new key");
        }
        return false;
    }

    private static String fileName(String type) {
        return switch (type) {
            case "ssh-ed25519" -> "ed25519";
            case "ssh-rsa" -> "rsa";
            default -> "ecdsa";
        };
    }
}
