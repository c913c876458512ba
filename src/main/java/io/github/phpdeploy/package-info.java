/**
 * Puts PHP applications live from a Maven build. A request flows one way, from a goal in {@code mojo} through
 * {@code deploy} down to the rooms that know one thing each ({@code archive}, {@code release}, {@code transfer},
 * {@code runtime}, {@code probe}) and from there to a {@code host}; a result comes back the same way. This root holds
 * only what every room speaks: the one exception whose message tells its reader what to do.
 */
package io.github.phpdeploy;
