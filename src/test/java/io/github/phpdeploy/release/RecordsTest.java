package io.github.phpdeploy.release;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What hosts keep reads back; what is no such thing is passed over. */
class RecordsTest {

    private static final Instant TIME = Instant.parse("2026-11-21T21:42:00.123Z");

    @Test
    void aReleaseRecordReadsBack() {
        ReleaseRecord record = new ReleaseRecord(
                "20261121214200-1a2b3c4",
                ReleaseState.GOOD,
                TIME,
                "1a2b3c4",
                "a \"b\"\nc",
                "1.0",
                3,
                1L << 40,
                "ab",
                "x");
        assertThat(record.json()).doesNotContain("\n");
        assertThat(ReleaseRecord.parse(record.json())).contains(record);
    }

    @Test
    void aJournalEntryReadsBack() {
        JournalEntry entry = new JournalEntry(
                TIME,
                "deploy",
                "2",
                "1",
                "rolled-back",
                "alice",
                "1.0",
                "",
                "web1",
                3,
                1L << 40,
                1234,
                "a\nb \u2028 <c>",
                Map.of("way", "reload php-fpm", "drainMillis", "12"));
        assertThat(entry.json()).doesNotContain("\n").doesNotContain("\u2028");
        assertThat(JournalEntry.parse(entry.json())).contains(entry);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "42",
                "{}",
                "{\"release\":\"..\"}",
                "{\"release\":[1]}",
                "{\"time\":\"yesterday\"}",
                "{\"release\":\"1\",\"state\":\"odd\",\"created\":\"2026-11-21T21:42:00Z\",\"files\":1,\"bytes\":1}",
                "{\"time\":\"2026-11-21T21:42:00Z\",\"files\":\"many\"}",
                "\u0000",
                "{\"a\":1}{\"b\":2}"
            })
    void nonsenseIsNoRecord(String text) {
        assertThat(ReleaseRecord.parse(text)).isEmpty();
        assertThat(JournalEntry.parse(text)).isEmpty();
        assertThat(LockHolder.parse(text).describe()).isEqualTo("somebody on an unknown machine, a deploy");
    }

    @Test
    void aLockHolderReadsBackFitForPrinting() {
        LockHolder holder =
                new LockHolder("t1", "al\u001b[31mice", "m", 7, "", "deploy", Instant.parse("2026-11-21T21:42:00Z"));
        assertThat(LockHolder.parse(holder.json()).describe())
                .isEqualTo("al[31mice on m (process 7), deploy since 2026-11-21T21:42:00Z");
    }

    @Test
    void releaseNamesSortByTime() {
        assertThat(ReleaseId.of(TIME, Optional.of("1a2b3c4"))).isEqualTo("20261121214200-1a2b3c4");
        assertThat(ReleaseId.of(TIME, Optional.empty())).isEqualTo("20261121214200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "a/b", "..", "a..b", "../x", "a b", "-rf", ".hidden", "a;b", "$(id)", "a\nb", "é", "a'b",
                "a\"b", "a`b", "a&b", "*", "a\\b"
            })
    void namesThatAreNoneAreRefused(String id) {
        assertThatThrownBy(() -> ReleaseId.check(id))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("cannot be the name of a release");
        assertThat(ReleaseId.check("1.4.2-rc1_x")).isEqualTo("1.4.2-rc1_x");
        assertThatThrownBy(() -> ReleaseId.check("a".repeat(101))).isInstanceOf(PhpDeployException.class);
    }

    @Test
    void aSiteIsReadFromWhatTheHostSays() {
        SiteState state = SiteState.parse(List.of(
                "current link releases/2",
                "release 1",
                "release 2",
                "release 3",
                "noise",
                "record {broken",
                "record " + SiteTest.release("1", ReleaseState.GOOD).json(),
                "record " + SiteTest.release("2", ReleaseState.GOOD).json(),
                "record " + SiteTest.release("9", ReleaseState.GOOD).json(),
                "staging 4",
                "time 1700000000",
                "free 123",
                "inodes x",
                "tool zstd",
                ""));
        assertThat(state.current().orElseThrow().id()).isEqualTo("2");
        assertThat(state.releases()).extracting(Release::id).containsExactly("3", "1", "2");
        assertThat(state.rollbackTargets()).extracting(Release::id).containsExactly("1");
        assertThat(state.leftUploads()).containsExactly("4");
        assertThat(state.time()).isEqualTo(Instant.ofEpochSecond(1_700_000_000L));
        assertThat(state.freeKibibytes()).hasValue(123);
        assertThat(state.freeInodes()).isEmpty();
        assertThat(state.tools()).containsExactly("zstd");
        assertThat(state.newest().orElseThrow().id()).isEqualTo("2");
    }

    @Test
    void aLinkThatLeadsElsewhereIsNoRelease() {
        assertThat(SiteState.parse(List.of("current link /srv/other", "release other"))
                        .current())
                .isEmpty();
        assertThat(SiteState.parse(List.of("current link releases/gone")).current())
                .isEmpty();
        assertThat(SiteState.parse(List.of("current other")).occupied()).isTrue();
    }
}
