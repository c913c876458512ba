/**
 * The goals, and the only room that knows Maven. Each goal builds a request from its parameters, hands it to one object of
 * another room, and turns the result into log lines or a failed build. The mutable beans that Maven fills from XML live
 * here, and become records at once.
 */
package io.github.phpdeploy.mojo;
