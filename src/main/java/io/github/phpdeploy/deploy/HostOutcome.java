package io.github.phpdeploy.deploy;

import java.util.Map;

/**
 * How it ended on one host.
 *
 * @param host what the user calls it
 * @param outcome how it ended
 * @param previous the release that was current before; empty for none
 * @param current the release that is current now; empty for none
 * @param filesTotal files and links in the release
 * @param filesSent of these, how many travelled
 * @param filesReused of these, how many the host had
 * @param bytesSent bytes that travelled, compressed
 * @param bytesTotal bytes of content in the release
 * @param phases how long each stage took, in milliseconds
 * @param runtime what the runtime has to tell: the way in which it was switched, and whatever else it names
 * @param message what went wrong; empty on success
 */
public record HostOutcome(
        String host,
        Outcome outcome,
        String previous,
        String current,
        int filesTotal,
        int filesSent,
        int filesReused,
        long bytesSent,
        long bytesTotal,
        Map<Stage, Long> phases,
        Map<String, String> runtime,
        String message) {

    /** The ways in which it can end. */
    public enum Outcome {
        /** The release is live. */
        SUCCESS("success"),
        /** It failed before anything was switched. */
        FAILED("failed"),
        /** It was switched, failed, and was undone. */
        ROLLED_BACK("rolled-back"),
        /** It did not answer, and was left as it is, as the user wants it. */
        SKIPPED("skipped"),
        /** Nothing was done, only said what would be. */
        PLANNED("planned");

        private final String word;

        Outcome(String word) {
            this.word = word;
        }

        /**
         * The outcome as users and files have it.
         *
         * @return lower case
         */
        public String word() {
            return word;
        }
    }
}
