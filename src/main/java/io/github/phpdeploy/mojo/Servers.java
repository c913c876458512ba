package io.github.phpdeploy.mojo;

import java.nio.file.Path;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Secret;
import org.apache.maven.settings.Server;
import org.apache.maven.settings.Settings;
import org.apache.maven.settings.building.SettingsProblem;
import org.apache.maven.settings.crypto.DefaultSettingsDecryptionRequest;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.apache.maven.settings.crypto.SettingsDecryptionResult;

/** The {@code <server>} elements of settings.xml, decrypted. */
final class Servers {

    /**
     * What a server element says.
     *
     * @param user the account; empty where it says none
     * @param password its password
     * @param privateKey a private key's file
     * @param passphrase what unlocks that key
     */
    record Credentials(
            Optional<String> user, Optional<Secret> password, Optional<Path> privateKey, Optional<Secret> passphrase) {

        static Credentials none() {
            return new Credentials(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        }
    }

    private final Settings settings;
    private final SettingsDecrypter decrypter;

    Servers(Settings settings, SettingsDecrypter decrypter) {
        this.settings = settings;
        this.decrypter = decrypter;
    }

    /**
     * The credentials of a server.
     *
     * @param id its id; null or blank for none
     * @throws PhpDeployException when there is no such server, or its secrets cannot be decrypted
     */
    Credentials credentials(String id) {
        if (id == null || id.isBlank()) {
            return Credentials.none();
        }
        Server server = settings.getServer(id);
        if (server == null) {
            throw new PhpDeployException(
                    "settings.xml has no <server> with the id \"" + id + "\"",
                    "add it to ~/.m2/settings.xml, or correct php.serverId");
        }
        SettingsDecryptionResult result = decrypter.decrypt(new DefaultSettingsDecryptionRequest(server));
        for (SettingsProblem problem : result.getProblems()) {
            if (problem.getSeverity() != SettingsProblem.Severity.WARNING) {
                // the problem's own text may hold what it could not decrypt
                throw new PhpDeployException(
                        "the secrets of <server> \"" + id + "\" in settings.xml cannot be decrypted",
                        "check settings-security.xml, and encrypt them anew with mvn --encrypt-password");
            }
        }
        Server plain = result.getServer();
        return new Credentials(
                text(plain.getUsername()),
                text(plain.getPassword()).map(Secret::new),
                text(plain.getPrivateKey()).map(Servers::path),
                text(plain.getPassphrase()).map(Secret::new));
    }

    private static Optional<String> text(String value) {
        return Optional.ofNullable(value).filter(text -> !text.isBlank());
    }

    private static Path path(String file) {
        return file.startsWith("~/") ? Path.of(System.getProperty("user.home"), file.substring(2)) : Path.of(file);
    }
}
