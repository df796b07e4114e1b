package io.tradingbreaker.spring.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlotTrackTests {

    // Near the end of the range, as nanoTime may be.
    private static final long START = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(1);

    private final SlotTrack track = new SlotTrack(Duration.ofSeconds(2));

    private static long at(long millis) {
        return START + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void firstSlot_provesNothing() {
        assertThat(track.see(100, at(0))).isTrue();
        assertThat(track.isFresh(at(0))).isFalse();
    }

    @Test
    void advance_isFreshAsLongAsTheSlotBeforeItIsYoung() {
        track.see(100, at(0));
        track.see(101, at(400));
        assertThat(track.isFresh(at(2_000))).isTrue();
        assertThat(track.isFresh(at(2_001))).isFalse();
    }

    @Test
    void advanceSinceALongTime_provesNothingYet() {
        track.see(100, at(0));
        track.see(700, at(300_000));
        assertThat(track.isFresh(at(300_000))).isFalse();
        track.see(701, at(300_100));
        assertThat(track.isFresh(at(300_100))).isTrue();
    }

    @Test
    void frozenSlot_standsEverLonger() {
        track.see(100, at(0));
        track.see(101, at(400));
        for (int millis = 500; millis <= 5_000; millis += 100) {
            track.see(101, at(millis));
        }
        assertThat(track.isFresh(at(5_000))).isFalse();
        assertThat(track.standsFor(at(5_000))).isEqualTo(TimeUnit.MILLISECONDS.toNanos(4_600));
    }

    @Test
    void alternatingFrozenNodes_areNoProgress() {
        for (int i = 0; i < 100; i++) {
            track.see(i % 2 == 0 ? 1_000 : 990, at(i * 100L));
            assertThat(track.isFresh(at(i * 100L))).as("look %d", i).isFalse();
        }
    }

    @Test
    void alternatingNodesFarApart_areNoProgressThoughEachMoves() {
        for (int i = 0; i < 100; i++) {
            track.see((i % 2 == 0 ? 1_000 : 500) + i / 4, at(i * 100L));
            assertThat(track.isFresh(at(i * 100L))).as("look %d", i).isFalse();
        }
    }

    @Test
    void slowerNodeBetweenAdvances_isPassedOver() {
        track.see(1_000, at(0));
        track.see(995, at(100));
        track.see(1_001, at(200));
        assertThat(track.see(996, at(300))).isTrue();
        assertThat(track.isFresh(at(2_000))).isTrue();
        assertThat(track.best(at(300))).isEqualTo(1_001);
    }

    @Test
    void leapIntoTheFuture_isNoProgressAndHeals() {
        track.see(1_000, at(0));
        track.see(1_001, at(400));
        assertThat(track.see(Long.MAX_VALUE, at(500))).isFalse();
        assertThat(track.isFresh(at(500))).isFalse();
        assertThat(track.see(1_002, at(900))).isFalse();
        assertThat(track.isFresh(at(900))).isFalse();
        assertThat(track.see(1_003, at(1_300))).isTrue();
        assertThat(track.isFresh(at(1_300))).isTrue();
    }

    /** A load balancer's cache of 3 s: at each refresh the slot is the node's, and just as far as another node's. */
    @Test
    void cachedSlot_isNoProgressThoughItLeapsToTheNewest() {
        for (int millis = 0; millis < 30_000; millis += 100) {
            track.see(1_000 + millis / 3_000 * 3_000 / 400, at(millis));
            assertThat(track.isFresh(at(millis))).as("after %d ms", millis).isFalse();
        }
    }

    /** As checks of a paused breaker do: some looks, then none for a while. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void cachedSlotSeenNowAndThen_isNoProgress(int seed) {
        SlotTrack strict = new SlotTrack(Duration.ofSeconds(1));
        Random random = new Random(seed);
        for (int millis = 0; millis < 600_000; ) {
            for (int look = random.nextInt(12); look >= 0; look--) {
                strict.see(1_000 + millis / 2_000 * 5, at(millis));
                assertThat(strict.isFresh(at(millis))).as("after %d ms", millis).isFalse();
                millis += 100;
            }
            millis += random.nextInt(1_500);
        }
    }

    @Test
    void chainWithFasterSlots_isFreshOnceOneHasComeAndGone() {
        track.see(1_000, at(0));
        track.see(1_010, at(200));
        assertThat(track.isFresh(at(200))).isFalse();
        track.see(1_020, at(400));
        assertThat(track.isFresh(at(400))).isTrue();
    }

    @Test
    void nodeThatHasCaughtUp_isFreshWithItsNextSlot() {
        track.see(1_000, at(0));
        track.see(1_030, at(100));
        assertThat(track.isFresh(at(100))).isFalse();
        track.see(1_031, at(400));
        assertThat(track.isFresh(at(400))).isTrue();
    }

    @Test
    void slotThatNeverMoved_isAMeasureForAWhileOnly() {
        track.see(1_000_000, at(0));
        assertThat(track.best(at(2_000))).isEqualTo(1_000_000);
        assertThat(track.best(at(2_001))).isNegative();
    }
}
