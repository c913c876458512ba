package io.github.phpdeploy.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.phpdeploy.host.HostAddress;
import io.github.phpdeploy.host.ssh.SshSettings;

/**
 * A host as web spaces are sold: an account that is shut into a directory of its own and may do nothing there but SFTP. Only
 * root can set one up, in a directory whose parents are all root's and nobody else may write.
 */
public final class SftpOnly implements AutoCloseable {

    private static final String ACCOUNT = "webspace";
    private static final int UID = 4242;

    private final Path folder;
    private final Sshd sshd;

    private SftpOnly(Path folder, Sshd sshd) {
        this.folder = folder;
        this.sshd = sshd;
    }

    /**
     * Starts one.
     *
     * @param sftp what every session runs, such as {@code internal-sftp}
     * @param options further lines of sshd_config
     */
    public static SftpOnly start(String sftp, String... options) {
        try {
            Path folder = Files.createTempDirectory(Path.of("/srv"), "php-deploy-it-");
            Server.run("chmod", "755", folder.toString());
            Path site = Files.createDirectories(folder.resolve("chroot/site"));
            Server.run("chown", UID + ":" + UID, site.toString());
            Sshd.Builder builder = Sshd.in(folder.resolve("sshd"))
                    .account(ACCOUNT, UID, "", "/bin/false")
                    .option("ChrootDirectory " + folder.resolve("chroot"))
                    .option("ForceCommand " + sftp);
            List.of(options).forEach(builder::option);
            return new SftpOnly(folder, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its address. */
    public HostAddress address() {
        return HostAddress.parse(ACCOUNT + "@127.0.0.1:" + sshd.port());
    }

    /** How it is reached. */
    public SshSettings settings() {
        return settings(address());
    }

    /** How it is reached by another way that leads there. */
    public SshSettings settings(HostAddress address) {
        return new SshSettings(
                address,
                ACCOUNT,
                Optional.of(sshd.userKey()),
                Optional.empty(),
                Optional.empty(),
                sshd.knownHosts(),
                Duration.ofSeconds(10));
    }

    /** The user properties with which Maven deploys to it. */
    public Map<String, String> properties() {
        return Map.of(
                "php.hosts",
                address().toString(),
                "php.deployPath",
                deployPath(),
                "php.identityFile",
                sshd.userKey().toString(),
                "php.knownHostsFile",
                sshd.knownHosts().toString());
    }

    /** The deploy path as the account sees it. */
    public String deployPath() {
        return "/site";
    }

    /** The same directory as this machine sees it. */
    public Path site() {
        return folder.resolve("chroot/site");
    }

    /** Its server. */
    public Sshd sshd() {
        return sshd;
    }

    /** Hands a file over to the account. */
    public void give(Path file) {
        Server.run("chown", "-h", UID + ":" + UID, file.toString());
    }

    @Override
    public void close() {
        sshd.close();
        Server.run("rm", "-rf", folder.toString());
    }
}
