package io.github.phpdeploy.transfer;

/**
 * What an upload did.
 *
 * @param filesSent files and links whose content travelled
 * @param filesReused files and links that the host had
 * @param wireBytes bytes that travelled, compressed
 * @param repaired how many paths of the base were not as it was left, and were sent anew
 * @param cloned how the base's bytes were shared: {@code warm} (before this upload began), {@code reflink},
 *     {@code hardlink}, {@code copy}, {@code refused} when the host would not share them and they were sent, or {@code none}
 *     without a base
 */
public record UploadReport(int filesSent, int filesReused, long wireBytes, int repaired, String cloned) {}
