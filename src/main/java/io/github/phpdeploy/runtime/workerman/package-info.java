/** Workerman and Webman: what their server must be like to be reloaded in place without losing a request. */
package io.github.phpdeploy.runtime.workerman;
