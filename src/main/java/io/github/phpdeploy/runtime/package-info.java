/**
 * What runs the PHP code, and how it is brought to run new code without losing a request. Each kind has a small package of
 * its own and one face: {@link io.github.phpdeploy.runtime.Runtime}.
 */
package io.github.phpdeploy.runtime;
