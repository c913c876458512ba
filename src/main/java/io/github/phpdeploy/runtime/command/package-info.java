/**
 * Any runtime that one command reloads. We know nothing else of it, so the command's exit code is all that is believed.
 */
package io.github.phpdeploy.runtime.command;
