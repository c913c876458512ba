/**
 * Any runtime that one command reloads. Its exit code proves nothing; a page shows which release is executed, where there is one.
 */
package io.github.phpdeploy.runtime.command;
