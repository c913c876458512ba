package io.github.phpdeploy.host.ssh;

import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import com.hierynomus.sshj.common.KeyDecryptionFailedException;
import io.github.phpdeploy.host.Secret;

/**
 * Unlocks private keys in the PEM format of RFC 1421 that OpenSSL and, until version 7.7, OpenSSH wrote: a
 * {@code DEK-Info} header and a key made by OpenSSL's {@code EVP_BytesToKey} with MD5 and one round.
 */
final class LegacyPem {

    private static final Pattern FORM =
            Pattern.compile("-----BEGIN (?<type>[A-Z]+ PRIVATE KEY)-----\\s+Proc-Type: 4,ENCRYPTED\\s+"
                    + "DEK-Info: (?<cipher>[A-Z0-9-]+),(?<iv>[0-9A-Fa-f]+)\\s+(?<body>[A-Za-z0-9+/=\\s]+)-----END ");

    private LegacyPem() {}

    static boolean isEncrypted(String text) {
        return text.contains("Proc-Type: 4,ENCRYPTED");
    }

    /** The same key without its lock, as PEM text. */
    static String decrypt(String text, Secret passphrase) throws IOException {
        Matcher form = FORM.matcher(text);
        if (!form.find()) {
            throw new IOException("the header of the private key is broken");
        }
        byte[] iv = HexFormat.of().parseHex(form.group("iv"));
        char[] password = passphrase.reveal();
        try {
            String name = form.group("cipher");
            int bytes = switch (name) {
                case "AES-128-CBC" -> 16;
                case "AES-192-CBC", "DES-EDE3-CBC" -> 24;
                case "AES-256-CBC" -> 32;
                default -> throw new IOException("the private key is locked with " + name);
            };
            boolean aes = name.startsWith("AES");
            Cipher cipher = Cipher.getInstance(aes ? "AES/CBC/PKCS5Padding" : "DESede/CBC/PKCS5Padding");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(key(password, iv, bytes), aes ? "AES" : "DESede"),
                    new IvParameterSpec(iv));
            byte[] der = cipher.doFinal(Base64.getMimeDecoder().decode(form.group("body")));
            String type = form.group("type");
            return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + type
                    + "-----\n";
        } catch (GeneralSecurityException e) {
            throw new KeyDecryptionFailedException(new IOException(e));
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    /** EVP_BytesToKey(3): digests of the digest before, the password and the first 8 bytes of the IV. */
    private static byte[] key(char[] password, byte[] iv, int length) throws GeneralSecurityException {
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        byte[] secret = new byte[0];
        var encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(password));
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        byte[] digest = new byte[0];
        while (secret.length < length) {
            md5.update(digest);
            md5.update(bytes);
            digest = md5.digest(Arrays.copyOf(iv, 8)); // the salt
            secret = Arrays.copyOf(secret, secret.length + digest.length);
            System.arraycopy(digest, 0, secret, secret.length - digest.length, digest.length);
        }
        return Arrays.copyOf(secret, length);
    }
}
