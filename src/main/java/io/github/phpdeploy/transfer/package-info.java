/**
 * Brings a tree of files to a host, sending only content that the host does not have. What is to be there is a
 * {@link io.github.phpdeploy.transfer.Manifest}; its difference to the manifest of a tree that is there already is a
 * {@link io.github.phpdeploy.transfer.ChangeSet}; an {@link io.github.phpdeploy.transfer.Upload} clones that tree
 * without copying its bytes, sends the difference as one compressed stream, and checks what has arrived. This room knows
 * nothing of PHP or of what a release means.
 */
package io.github.phpdeploy.transfer;
