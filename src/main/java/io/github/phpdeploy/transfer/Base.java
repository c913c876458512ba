package io.github.phpdeploy.transfer;

import java.util.Map;

/**
 * A tree that a host has, to start from.
 *
 * @param release its directory under {@code releases/}
 * @param entries path → what it held when it was put there; of hashes maybe only the first digits
 */
public record Base(String release, Map<String, ManifestEntry> entries) {}
