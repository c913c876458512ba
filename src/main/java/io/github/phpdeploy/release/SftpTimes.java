package io.github.phpdeploy.release;

import java.time.Duration;

/**
 * How a lock is kept alive where no process can hold it.
 *
 * @param beat how often it is renewed
 * @param stale when a lock that was not renewed is dead; {@code lock.sh} knows the same
 */
record SftpTimes(Duration beat, Duration stale) {

    static final SftpTimes STANDARD = new SftpTimes(Duration.ofSeconds(5), Duration.ofSeconds(60));
}
