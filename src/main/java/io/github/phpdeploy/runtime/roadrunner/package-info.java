/**
 * RoadRunner: a server in Go whose PHP workers are replaced by {@code rr reset}. Written from its sources, because no registry
 * has its program.
 */
package io.github.phpdeploy.runtime.roadrunner;
