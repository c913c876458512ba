package io.github.phpdeploy.transfer;

import java.nio.file.Path;

/**
 * One thing that is to be on the host.
 *
 * @param path where: relative, {@code /} between names, any characters but NUL
 * @param kind what it is
 * @param executable for a file, whether it may be executed
 * @param source for a file, where its content lies on this machine
 * @param target for a symbolic link, what it points to; else null
 */
public record TreeFile(String path, Kind kind, boolean executable, Path source, String target) {}
