/**
 * What a host holds under its deploy path: releases and their states, the link that makes one of them current, the lock,
 * the journal, and what may be thrown away. Every change is invisible or one rename, and is made only by the one who has
 * the lock.
 */
package io.github.phpdeploy.release;
