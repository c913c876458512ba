package io.github.phpdeploy.host.ssh;

import java.io.IOException;
import java.io.StringReader;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.hierynomus.sshj.common.KeyDecryptionFailedException;
import com.hierynomus.sshj.userauth.keyprovider.OpenSSHKeyV1KeyFile;
import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Secret;
import net.schmizz.sshj.userauth.keyprovider.BaseFileKeyProvider;
import net.schmizz.sshj.userauth.keyprovider.FileKeyProvider;
import net.schmizz.sshj.userauth.keyprovider.KeyFormat;
import net.schmizz.sshj.userauth.keyprovider.KeyPairWrapper;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import net.schmizz.sshj.userauth.keyprovider.KeyProviderUtil;
import net.schmizz.sshj.userauth.keyprovider.PKCS8KeyFile;
import net.schmizz.sshj.userauth.keyprovider.PuTTYKeyFile;
import net.schmizz.sshj.userauth.password.PasswordFinder;
import net.schmizz.sshj.userauth.password.PasswordUtils;

/**
 * Reads private keys: OpenSSH's own format, the PEM and PKCS#8 formats that {@code ssh-keygen -m} writes, and PuTTY's;
 * locked or not.
 */
final class KeyFiles {

    private static final Pattern OPENSSH =
            Pattern.compile("BEGIN OPENSSH PRIVATE KEY-----(.*)-----END", Pattern.DOTALL);

    private KeyFiles() {}

    /**
     * Reads a private key, at once and completely.
     *
     * @param file the private key
     * @param passphrase what unlocks it
     * @throws PhpDeployException when it is not there, of no known format, or locked and the passphrase does not fit
     */
    static KeyProvider read(Path file, Optional<Secret> passphrase) {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new PhpDeployException(
                    "the private key " + file + " cannot be read"
                            + (Files.exists(file) ? "" : ": there is no such file"),
                    "name a key that is there with -Dphp.identityFile",
                    e);
        }
        try {
            return unlock(file, text, passphrase);
        } catch (IOException | RuntimeException e) {
            if (isLocked(text)) {
                throw passphrase.isPresent() && openSshCipher(text).startsWith("chacha20")
                        ? new PhpDeployException(
                                "the private key " + file + " is locked with a cipher that is not known here",
                                "lock it with ssh-keygen's own: ssh-keygen -p -Z aes256-ctr -f " + file,
                                e)
                        : locked(file, passphrase, e);
            }
            throw new PhpDeployException(
                    "the private key " + file + " is of no format known here",
                    "name a key that ssh-keygen wrote; it reads one when this prints the public half: ssh-keygen -y -f "
                            + file,
                    e);
        }
    }

    /** Whether a key cannot be used without a passphrase, as far as its text tells. */
    private static boolean isLocked(String text) {
        String cipher = openSshCipher(text);
        return text.contains("ENCRYPTED")
                || text.contains("Encryption: aes")
                || (!cipher.isEmpty() && !cipher.equals("none"));
    }

    /** What a key in OpenSSH's own format is locked with: PROTOCOL.key, "ciphername"; empty for other formats. */
    private static String openSshCipher(String text) {
        Matcher body = OPENSSH.matcher(text);
        if (!body.find()) {
            return "";
        }
        try {
            ByteBuffer key = ByteBuffer.wrap(Base64.getMimeDecoder().decode(body.group(1)));
            key.position("openssh-key-v1\0".length());
            byte[] cipher = new byte[Math.min(key.getInt(), 64)];
            key.get(cipher);
            return new String(cipher, StandardCharsets.US_ASCII);
        } catch (IllegalArgumentException | BufferUnderflowException | NegativeArraySizeException e) {
            return "";
        }
    }

    private static KeyProvider unlock(Path file, String text, Optional<Secret> passphrase) throws IOException {
        if (LegacyPem.isEncrypted(text)) {
            if (passphrase.isEmpty()) {
                throw new KeyDecryptionFailedException(new IOException("no passphrase"));
            }
            return loaded(new PKCS8KeyFile(), LegacyPem.decrypt(text, passphrase.get()), null);
        }
        PasswordFinder finder =
                passphrase.map(Secret::reveal).map(PasswordUtils::createOneOff).orElse(null);
        KeyFormat format = KeyProviderUtil.detectKeyFileFormat(new StringReader(text), false);
        return switch (format) {
            case OpenSSHv1 -> loaded(new OpenSSHKeyV1KeyFile(), text, finder);
            case PKCS8, OpenSSH -> loaded(new PKCS8KeyFile(), text, finder);
            case PuTTY -> loaded(new PuTTYKeyFile(), text, finder);
            case Unknown -> throw new IOException(file + " begins like no private key");
        };
    }

    private static KeyProvider loaded(BaseFileKeyProvider provider, String text, PasswordFinder finder)
            throws IOException {
        ((FileKeyProvider) provider).init(new StringReader(text), finder);
        // sshj reads lazily, and a second time for the second half: read both now, while the error can be told
        return new KeyPairWrapper(provider.getPublic(), provider.getPrivate());
    }

    private static PhpDeployException locked(Path file, Optional<Secret> passphrase, Exception cause) {
        return passphrase.isPresent()
                ? new PhpDeployException(
                        "the passphrase given does not unlock the private key " + file,
                        "correct <passphrase> in the <server> of settings.xml that php.serverId names",
                        cause)
                : new PhpDeployException(
                        "the private key " + file + " is locked by a passphrase",
                        "put <passphrase> into a <server> of settings.xml and name it with php.serverId, or load the key"
                                + " into ssh-agent",
                        cause);
    }
}
