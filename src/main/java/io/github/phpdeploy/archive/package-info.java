/**
 * What belongs to the application, and its reproducible archive. The same selection serves {@code php:package} and
 * {@code php:deploy}: the project's directory, minus what no PHP application ships, minus the user's excludes and git's
 * {@code export-ignore}.
 */
package io.github.phpdeploy.archive;
