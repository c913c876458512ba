/**
 * The transfer benchmark: the plugin beside rsync, a whole tar and an oracle, in turn, over a delay line, from a client's
 * cold start. {@link io.github.phpdeploy.bench.TransferBench} is its program; {@code mvn -Pbench verify} runs it.
 */
package io.github.phpdeploy.bench;
