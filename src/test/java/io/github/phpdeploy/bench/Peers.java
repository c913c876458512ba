package io.github.phpdeploy.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

import io.github.phpdeploy.it.Server;
import io.github.phpdeploy.it.Sshd;

/** What people use today, and the oracle: all through OpenSSH's client. */
final class Peers {

    private final Sshd sshd;
    private final Path hosts;

    /**
     * Peers.
     *
     * @param sshd their server
     * @param hosts where each has a directory on the host
     */
    Peers(Sshd sshd, Path hosts) {
        this.sshd = sshd;
        this.hosts = hosts;
    }

    private String ssh(int port) {
        return "ssh -F none -i " + sshd.userKey() + " -p " + port
                + " -o IdentitiesOnly=yes -o HostKeyAlias=bench -o UserKnownHostsFile=" + sshd.knownHosts()
                + " -o StrictHostKeyChecking=yes -o BatchMode=yes";
    }

    private static String account() {
        return System.getProperty("user.name") + "@127.0.0.1";
    }

    static double seconds(Runnable work) {
        long begin = System.nanoTime();
        work.run();
        return (System.nanoTime() - begin) / 1e9;
    }

    static void shell(String command) {
        Server.run("sh", "-c", command);
    }

    /** {@code rsync -az --delete --link-dest} with further options, and what a script does after it. */
    Contestant rsync(String name, String options, boolean switches) {
        Path host = hosts.resolve(name.replaceAll("\\W+", "-"));
        return new Contestant() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void host(Path old) {
                shell("rm -rf " + host + " && mkdir -p " + host);
                if (old != null) {
                    shell("rsync -a " + old + "/ " + host + "/previous/");
                }
            }

            @Override
            public Figures run(Path old, Path next, int port) {
                String copy = "rsync -az --delete " + options + " --link-dest=../previous -e '" + ssh(port) + "' "
                        + next + "/ " + account() + ":" + host + "/next/";
                String activate = ssh(port) + " " + account() + " 'ln -s next " + host + "/current.new && mv -T " + host
                        + "/current.new " + host + "/current' && " + ssh(port) + " " + account() + " true";
                double seconds = seconds(() -> shell(switches ? copy + " && " + activate : copy));
                shell("rm -rf " + host + "/previous && mv " + host + "/next " + host + "/previous");
                return new Figures(seconds, OptionalDouble.empty());
            }
        };
    }

    /** The whole tree by tar. */
    Contestant tar() {
        Path host = hosts.resolve("tar");
        return new Contestant() {
            @Override
            public String name() {
                return "tar | ssh tar";
            }

            @Override
            public void host(Path old) {
                shell("rm -rf " + host);
            }

            @Override
            public Figures run(Path old, Path next, int port) {
                String command = "tar -C " + next + " -cz . | " + ssh(port) + " " + account() + " 'mkdir -p " + host
                        + " && tar -C " + host + " -xz'";
                double seconds = seconds(() -> shell(command));
                shell("rm -rf " + host);
                return new Figures(seconds, OptionalDouble.empty());
            }
        };
    }

    /** Only what changed, known by magic, into a clone that is there already. */
    Contestant oracle() {
        Path host = hosts.resolve("oracle");
        return new Contestant() {
            @Override
            public String name() {
                return "oracle";
            }

            @Override
            public void host(Path old) {
                shell("rm -rf " + host + " && mkdir -p " + host);
                if (old != null) {
                    shell("cp -a " + old + " " + host + "/previous");
                }
            }

            @Override
            public Figures run(Path old, Path next, int port) {
                Path list = hosts.resolve("changed");
                write(list, changed(old, next));
                shell("cp -al " + host + "/previous " + host + "/next");
                String command = "tar -C " + next + " -cz --null -T " + list + " | " + ssh(port) + " " + account()
                        + " 'tar --unlink-first -C " + host + "/next -xz'";
                double seconds = seconds(() -> shell(command));
                shell("rm -rf " + host + "/previous && mv " + host + "/next " + host + "/previous");
                return new Figures(seconds, OptionalDouble.empty());
            }
        };
    }

    /** Paths whose content in a tree is not what it is in another, or that are not there. */
    static List<String> changed(Path old, Path next) {
        List<String> changed = new ArrayList<>();
        try (Stream<Path> files = Files.walk(next)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                Path other = old.resolve(next.relativize(file).toString());
                if (!Files.exists(other) || Files.mismatch(file, other) >= 0) {
                    changed.add(next.relativize(file).toString());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return changed;
    }

    private static void write(Path file, List<String> paths) {
        try {
            Files.writeString(file, paths.isEmpty() ? "" : String.join("\0", paths) + "\0");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
