package io.github.phpdeploy.runtime.resident;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A server as it looks from the host.
 *
 * @param root the deploy path, without symbolic links
 * @param current the release that {@code current} leads to; empty for none
 * @param switched when {@code current} was made, in seconds since 1970; 0 where that is not known
 * @param pidFile where the pid file really is; empty where there is none
 * @param master its process id and start time
 * @param since when it was started, in seconds since 1970; 0 where that is not known
 * @param title its command line, or what it made of it
 * @param directory its working directory; empty where that may not be seen
 * @param base what Laravel Octane was told to boot; empty where nothing is
 * @param files what it has open or mapped under the releases
 * @param enableCli opcache.enable_cli, as php.ini has it; empty where that is not known
 * @param listeners how many sockets listen at the URL's port, at one address
 * @param deep whether a manager stands between master and workers
 * @param workers the workers
 */
public record Seen(
        String root,
        String current,
        long switched,
        String pidFile,
        String master,
        long since,
        String title,
        String directory,
        String base,
        List<String> files,
        String enableCli,
        int listeners,
        boolean deep,
        List<Worker> workers) {

    /** Immutable. */
    public Seen {
        files = List.copyOf(files);
        workers = List.copyOf(workers);
    }

    /**
     * A worker.
     *
     * @param id its process id and start time
     * @param since when it was started, in seconds since 1970; 0 where that is not known
     * @param title its command line, or what it made of it
     */
    public record Worker(String id, long since, String title) {

        /** Its process id. */
        String pid() {
            return id.replaceAll(":.*", "");
        }
    }

    /** The master's process id. */
    String pid() {
        return master.replaceAll(":.*", "");
    }

    /**
     * The release that a path lies in.
     *
     * @param path absolute, or nothing
     * @return its name; empty for none
     */
    public Optional<String> releaseOf(String path) {
        String below = root + "/releases/";
        return path.startsWith(below)
                ? Optional.of(path.substring(below.length()).replaceAll("/.*", ""))
                : Optional.empty();
    }

    /**
     * The release that the master's command line names.
     *
     * @return its name; empty for none, also where the master has given itself a title
     */
    public Optional<String> named() {
        int at = title.indexOf(root + "/releases/");
        return at < 0 ? Optional.empty() : releaseOf(title.substring(at).replaceFirst(" .*", ""));
    }

    /**
     * The releases that the master was started from: by its working directory, and by what it has open.
     *
     * @return their names
     */
    public Set<String> bound() {
        Set<String> releases = new TreeSet<>();
        Stream.concat(Stream.of(directory, base), files.stream())
                .forEach(path -> releaseOf(path).ifPresent(releases::add));
        return releases;
    }
}
