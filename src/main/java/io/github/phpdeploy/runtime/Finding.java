package io.github.phpdeploy.runtime;

/**
 * Something on a host that is not as it should be.
 *
 * @param harmful whether requests are lost or old code is served because of it, at the next deploy at the latest
 * @param what what was found, in one clause
 * @param cost what it costs to leave it so
 * @param fix what to do, with the exact setting or command
 */
public record Finding(boolean harmful, String what, String cost, String fix) {}
