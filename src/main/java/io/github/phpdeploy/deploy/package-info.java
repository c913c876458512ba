/**
 * A deploy from request to result: a {@link io.github.phpdeploy.deploy.DeployRequest} goes through the stages connect, lock,
 * inspect, upload, prepare, activate, reload, verify and retire on every host, and a
 * {@link io.github.phpdeploy.deploy.DeployResult} comes back; between prepare and activate all hosts wait for each other.
 * What fails is undone. All that is said on the way goes through {@link io.github.phpdeploy.deploy.DeployLog}.
 */
package io.github.phpdeploy.deploy;
