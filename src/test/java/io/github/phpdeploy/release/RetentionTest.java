package io.github.phpdeploy.release;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import static io.github.phpdeploy.release.ReleaseState.ACTIVE;
import static io.github.phpdeploy.release.ReleaseState.BAD;
import static io.github.phpdeploy.release.ReleaseState.FAILED;
import static io.github.phpdeploy.release.ReleaseState.GOOD;
import static io.github.phpdeploy.release.ReleaseState.READY;
import static io.github.phpdeploy.release.ReleaseState.UPLOADING;
import static org.assertj.core.api.Assertions.assertThat;

class RetentionTest {

    /** Releases 1, 2, 3 … with these states, oldest first; null for a directory that we know nothing of. */
    private static List<Release> releases(ReleaseState... states) {
        List<Release> releases = new ArrayList<>();
        for (int i = 0; i < states.length; i++) {
            String id = Integer.toString(i + 1);
            releases.add(new Release(id, Optional.ofNullable(states[i]).map(state -> SiteTest.release(id, state))));
        }
        return releases;
    }

    private static List<String> outdated(List<Release> releases, String current, String predecessor, int keep) {
        return Retention.outdated(releases, Optional.ofNullable(current), Optional.ofNullable(predecessor), keep);
    }

    @Test
    void keepsTheNewestGoodOnes() {
        assertThat(outdated(releases(GOOD, GOOD, GOOD, GOOD), "4", "3", 2)).containsExactly("1", "2");
        assertThat(outdated(releases(GOOD, GOOD), "2", "1", 5)).isEmpty();
    }

    @Test
    void keepsCurrentAndItsPredecessorHoweverOld() {
        assertThat(outdated(releases(GOOD, GOOD, GOOD, GOOD), "1", "2", 1)).containsExactly("3");
        assertThat(outdated(releases(GOOD, GOOD, GOOD), "3", "2", 1)).containsExactly("1");
    }

    @Test
    void failuresDoNotPushOutGoodOnes() {
        assertThat(outdated(releases(GOOD, FAILED, GOOD, FAILED, FAILED, BAD, GOOD), "7", "3", 3))
                .containsExactly("2");
    }

    @Test
    void failuresAreBoundedToo() {
        assertThat(outdated(releases(GOOD, FAILED, FAILED, FAILED, FAILED, GOOD), "6", "1", 2))
                .containsExactly("2", "3");
        assertThat(outdated(releases(FAILED, FAILED, FAILED), null, null, 1)).containsExactly("1", "2");
    }

    @Test
    void failuresOlderThanEveryGoodOneGo() {
        assertThat(outdated(releases(BAD, GOOD, GOOD, GOOD), "4", "3", 2)).containsExactly("1", "2");
        assertThat(outdated(releases(BAD, GOOD), "2", null, 2)).isEmpty();
    }

    @Test
    void whatWasNeverFinishedGoes() {
        assertThat(outdated(releases(GOOD, UPLOADING, GOOD), "3", "1", 5)).containsExactly("2");
        assertThat(outdated(releases(GOOD, READY, ACTIVE, GOOD), "4", "1", 5)).isEmpty();
    }

    @Test
    void whatIsNotOursStays() {
        assertThat(outdated(releases(null, GOOD, null, GOOD), "4", "2", 1)).isEmpty();
    }
}
