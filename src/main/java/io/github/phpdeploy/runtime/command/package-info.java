/** Any runtime that one command reloads. */
package io.github.phpdeploy.runtime.command;
