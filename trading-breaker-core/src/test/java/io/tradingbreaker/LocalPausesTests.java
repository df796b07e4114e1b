package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LocalPausesTests {

    private static final long MILLI = Duration.ofMillis(1).toNanos();

    private final LocalPauses pauses = new LocalPauses(20 * MILLI);

    @Test
    void beforeTheFirstCheck_timeIsTheClocks() {
        assertThat(pauses.active(7)).isEqualTo(7);
    }

    @Test
    void recentTime_isThatOfTheLastTenSeconds() {
        pauses.beat(0);
        assertThat(pauses.beat(520 * MILLI)).isEqualTo(500 * MILLI);
        assertThat(pauses.recentNanos(520 * MILLI)).isEqualTo(500 * MILLI);
        // Of a pause that began longer ago than that, what reaches into the span.
        assertThat(pauses.recentNanos(10_320 * MILLI)).isEqualTo(200 * MILLI);
        assertThat(pauses.recentNanos(10_520 * MILLI)).isZero();
    }

    @Test
    void pauseThatIsOver_doesNotMakeALaterOneShorter() {
        pauses.beat(0);
        pauses.beat(520 * MILLI);
        for (long at = 540; at <= 20_000; at += 20) {
            pauses.beat(at * MILLI);
        }
        pauses.beat(20_320 * MILLI);
        assertThat(pauses.recentNanos(20_320 * MILLI)).isEqualTo(300 * MILLI);
    }

    /** A thread may read the clock, wait through a pause, and find it reported when it goes on. */
    @Test
    void readingFromBeforeAPause_isNotMadeEarlierByIt() {
        pauses.beat(0);
        pauses.beat(520 * MILLI);
        assertThat(pauses.active(-10 * MILLI)).isEqualTo(-10 * MILLI);
        assertThat(pauses.active(10 * MILLI)).isEqualTo(10 * MILLI);
        assertThat(pauses.active(20 * MILLI)).isEqualTo(20 * MILLI);
        pauses.beat(540 * MILLI);
        assertThat(pauses.active(10 * MILLI)).isEqualTo(10 * MILLI);
        assertThat(pauses.active(530 * MILLI)).isEqualTo(30 * MILLI);
    }

    @Test
    void readingFromWithinAPause_isThePausesStart_reportedOrNot() {
        pauses.beat(0);
        assertThat(pauses.active(40 * MILLI)).isEqualTo(20 * MILLI);
        assertThat(pauses.active(520 * MILLI)).isEqualTo(20 * MILLI);
        pauses.beat(520 * MILLI);
        assertThat(pauses.active(40 * MILLI)).isEqualTo(20 * MILLI);
        assertThat(pauses.active(519 * MILLI)).isEqualTo(20 * MILLI);
        assertThat(pauses.active(520 * MILLI)).isEqualTo(20 * MILLI);
        assertThat(pauses.active(521 * MILLI)).isEqualTo(21 * MILLI);
    }

    @Test
    void readingFromBeforeTheLastPause_isStillShortOfEarlierOnes() {
        pauses.beat(0);
        pauses.beat(520 * MILLI);
        pauses.beat(540 * MILLI);
        pauses.beat(860 * MILLI);
        assertThat(pauses.active(545 * MILLI)).isEqualTo(45 * MILLI);
        assertThat(pauses.active(700 * MILLI)).isEqualTo(60 * MILLI);
        assertThat(pauses.active(870 * MILLI)).isEqualTo(70 * MILLI);
    }
}
