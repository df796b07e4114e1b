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
}
