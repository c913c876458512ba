/**
 * A machine that releases go to, and the only three things that are done with it: a script is run there, bytes are
 * streamed into that script, and a connection is opened from there. Scripts are POSIX {@code sh}; they and their
 * arguments travel on standard input, so that neither the login shell nor the process list ever sees a value.
 */
package io.github.phpdeploy.host;
