package io.github.phpdeploy.host;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

import io.github.phpdeploy.host.RemoteFiles.Reply;

/**
 * What a shell does with {@code mkdir -p}, {@code rm -rf}, {@code find} and {@code mv}, over {@link RemoteFiles}.
 *
 * @param files the host's files
 */
public record RemoteTrees(RemoteFiles files) {

    private static final int DIRECTORY_MODE = 0755;

    /**
     * Makes a directory and those above it, where they are not there.
     *
     * @param path where
     * @throws RemoteFileException when that cannot be done
     */
    public void make(String path) throws RemoteFileException {
        make(path, DIRECTORY_MODE);
    }

    /**
     * Makes a directory, with a mode of its own, and those above it, where they are not there.
     *
     * @param path where
     * @param mode its permissions when it is made
     * @throws RemoteFileException when that cannot be done
     */
    public void make(String path, int mode) throws RemoteFileException {
        List<String> missing = new ArrayList<>();
        for (String at = path; !at.isEmpty(); at = at.substring(0, at.lastIndexOf('/'))) {
            Optional<RemoteFile> there = files.follow(at).ifThere();
            if (there.isPresent()) {
                if (!there.get().isDirectory()) {
                    throw new RemoteFileException(at, RemoteFileException.Reason.FAILED, "not a directory");
                }
                break;
            }
            missing.add(0, at);
        }
        for (String each : missing) {
            int wanted = each.equals(path) ? mode : DIRECTORY_MODE;
            try {
                files.makeDirectory(each, wanted).get();
                // the server's umask may be narrower than what a web server needs
                int is = files.follow(each).get().mode();
                if ((is & 0777) != wanted) {
                    files.setMode(each, is & ~0777 | wanted).get();
                }
            } catch (RemoteFileException e) {
                // somebody else may have made it just now
                if (files.follow(each).ifThere().filter(RemoteFile::isDirectory).isEmpty()) {
                    throw e;
                }
            }
        }
    }

    /**
     * Removes whatever is at some paths, with all that it holds.
     *
     * @param paths what; what is not there is no failure
     * @throws RemoteFileException when something cannot be removed
     */
    public void remove(Collection<String> paths) throws RemoteFileException {
        Map<String, Reply<RemoteFile>> looks = new LinkedHashMap<>();
        paths.forEach(path -> looks.put(path, files.look(path)));
        List<Reply<Void>> removals = new ArrayList<>();
        List<List<String>> levels = new ArrayList<>();
        List<String> level = new ArrayList<>();
        for (Map.Entry<String, Reply<RemoteFile>> look : looks.entrySet()) {
            Optional<RemoteFile> there = look.getValue().ifThere();
            if (there.isPresent() && there.get().isDirectory()) {
                level.add(look.getKey());
            } else if (there.isPresent()) {
                removals.add(files.remove(look.getKey()));
            }
        }
        while (!level.isEmpty()) {
            levels.add(level);
            List<String> next = new ArrayList<>();
            for (Map.Entry<String, List<RemoteFile>> directory :
                    files.list(level).entrySet()) {
                for (RemoteFile file : directory.getValue()) {
                    String path = directory.getKey() + "/" + file.name();
                    if (file.isDirectory()) {
                        next.add(path);
                    } else {
                        removals.add(files.remove(path));
                    }
                }
            }
            level = next;
        }
        await(removals);
        for (int depth = levels.size() - 1; depth >= 0; depth--) {
            await(levels.get(depth).stream().map(files::removeDirectory).toList());
        }
    }

    /**
     * Waits for answers; what was to go and is not there is no failure.
     *
     * @param replies what to wait for
     * @throws RemoteFileException the first refusal, when all have been answered
     */
    public static void await(List<? extends Reply<?>> replies) throws RemoteFileException {
        RemoteFileException failure = null;
        for (Reply<?> reply : replies) {
            try {
                reply.ifThere();
            } catch (RemoteFileException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * All that lies below a directory.
     *
     * @param root the directory
     * @param known directories below it, relative to it, that are expected to be there: they are listed at once
     * @return path relative to {@code root} → what is there; links are not followed
     * @throws RemoteFileException when a directory cannot be read
     */
    public Map<String, RemoteFile> walk(String root, Collection<String> known) throws RemoteFileException {
        Map<String, RemoteFile> found = new LinkedHashMap<>();
        Set<String> seen = new TreeSet<>();
        List<String> next = new ArrayList<>();
        next.add(root);
        known.forEach(path -> next.add(root + "/" + path));
        while (!next.isEmpty()) {
            seen.addAll(next);
            Map<String, List<RemoteFile>> listed = files.list(next);
            next.clear();
            listed.forEach((directory, entries) -> entries.forEach(file -> {
                String path = directory + "/" + file.name();
                found.put(path.substring(root.length() + 1), file);
                if (file.isDirectory() && !seen.contains(path)) {
                    next.add(path);
                }
            }));
        }
        // behind a link where a directory was expected lies another tree
        found.keySet().removeIf(path -> !isBelowDirectories(path, found));
        return found;
    }

    private static boolean isBelowDirectories(String path, Map<String, RemoteFile> found) {
        for (int end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
            RemoteFile parent = found.get(path.substring(0, end));
            if (parent == null || !parent.isDirectory()) {
                return false;
            }
        }
        return true;
    }

    /**
     * Gives a file new content in one step: it is written under another name first.
     *
     * @param path where
     * @param text its content
     * @param temporary an ending that nobody else uses for the name in between
     * @throws RemoteFileException when that cannot be done
     */
    public void put(String path, String text, String temporary) throws RemoteFileException {
        write(path + "." + temporary, text, RemoteFiles.Opening.ANEW, 0600);
        files.replace(path + "." + temporary, path).get();
    }

    /**
     * Writes one small file.
     *
     * @param path where
     * @param text its content
     * @param opening what of it may be there
     * @param mode its permissions when it is made
     * @throws RemoteFileException when that cannot be done
     */
    public void write(String path, String text, RemoteFiles.Opening opening, int mode) throws RemoteFileException {
        byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        try {
            files.write(
                    List.of(new RemoteFiles.NewFile(
                            path, opening, mode, OptionalLong.empty(), () -> new ByteArrayInputStream(bytes))),
                    (file, failure) -> {
                        if (failure != null) {
                            throw failure;
                        }
                    });
        } catch (RemoteFileException e) {
            throw e;
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory can be read", e);
        }
    }
}
