package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Breakers above breakers, and calls inside calls. */
class LevelsTests {

    private final Desk desk = new Desk()
            .breaker("desk", c -> {})
            .breaker("venue", c -> c.parent("desk"))
            .breaker("node", c -> c.parent("venue"));

    private TradingBreaker level(String name) {
        return desk.breaker(name);
    }

    @Test
    void outcome_countsAtEachLevel() throws Exception {
        assertThat(level("node").call(() -> "done")).isEqualTo("done");
        for (String name : new String[] {"desk", "venue", "node"}) {
            assertThat(level(name).counters().successful()).isEqualTo(1);
            assertThat(level(name).latencyMonitor().window().samples()).isEqualTo(1);
        }
    }

    @Test
    void refusalAbove_isNamed_countedThereOnly_andLeavesNothingBehind() {
        level("venue").trip("venue is slow", null);
        TradingPausedException refusal = org.assertj.core.api.Assertions.catchThrowableOfType(
                TradingPausedException.class, () -> level("node").acquire(Intent.OPEN_RISK));
        assertThat(refusal.breaker()).isEqualTo("venue");
        assertThat(level("venue").counters().rejected()).isEqualTo(1);
        assertThat(level("venue").counters().total()).isEqualTo(1);
        assertThat(level("desk").counters().total()).isZero();
        assertThat(level("desk").counters().inFlight()).isZero();
        assertThat(level("node").counters().total()).isZero();
    }

    @Test
    void refusalBelow_returnsTheTrialSlotsAbove() {
        level("desk").trip("x", null);
        desk.advance(30_000);
        level("node").trip("y", null);
        for (int i = 0; i < 10; i++) {
            assertThat(level("node").tryAcquire()).isNull();
        }
        int trials = 0;
        while (level("venue").tryAcquire() != null) {
            trials++;
        }
        assertThat(trials).isEqualTo(3);
        Desk.assertBalanced(level("desk"));
    }

    @Test
    void eachLevel_appliesItsOwnModeAndIntents() {
        Desk own = new Desk()
                .breaker("venue", c -> c.mode(BreakerMode.OBSERVE))
                .breaker("node", c -> c.parent("venue").pass(Set.of()));
        own.breaker("venue").trip("x", null);
        assertThat(own.breaker("node").tryAcquire()).isNotNull();
        assertThat(own.breaker("venue").counters().wouldReject()).isEqualTo(1);
        own.breaker("node").trip("x", null);
        assertThat(own.breaker("node").tryAcquire(Intent.CANCEL)).isNull();
    }

    @Test
    void callInsideACallOfTheSameBreaker_joinsIt() {
        Permit outer = level("node").acquire(Intent.OPEN_RISK);
        Permit inner = level("node").acquire(Intent.OPEN_RISK, outer);
        inner.failure();
        assertThat(level("node").counters().permitted()).isEqualTo(1);
        assertThat(level("node").counters().failed()).isZero();
        level("node").trip("x", null);
        level("node").acquire(Intent.CANCEL, outer).success();
        assertThat(level("node").counters().rejected()).isZero();
        outer.success();
        assertThat(level("node").counters().permitted()).isEqualTo(1);
    }

    @Test
    void callInsideACallOfALevelAbove_joinsThatLevelOnly() {
        Permit outer = level("venue").acquire(Intent.OPEN_RISK);
        Permit inner = level("node").acquire(Intent.OPEN_RISK, outer);
        inner.success();
        assertThat(level("node").counters().successful()).isEqualTo(1);
        assertThat(level("venue").counters().permitted()).isEqualTo(1);
        assertThat(level("desk").counters().permitted()).isEqualTo(1);
        outer.success();
        assertThat(level("desk").counters().successful()).isEqualTo(1);
    }

    @Test
    void trialInsideATrial_needsOneSlot() {
        Desk one = Desk.of(c -> c.halfOpenRequests(1).halfOpenSuccesses(1));
        one.halfOpen();
        Permit outer = one.breaker().acquire(Intent.OPEN_RISK);
        one.breaker().acquire(Intent.OPEN_RISK, outer).success();
        one.expect(BreakerState.HALF_OPEN);
        outer.success();
        one.expect(BreakerState.CLOSED);
    }

    @Test
    void riskierCallInside_isAskedForItself() {
        Permit outer = level("node").acquire(Intent.CANCEL);
        level("node").trip("x", null);
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> level("node").acquire(Intent.OPEN_RISK, outer)))
                .isInstanceOf(TradingPausedException.class);
        outer.success();
    }

    @Test
    void joining_endsWithTheOuterCall_andAtAHalt() {
        Permit outer = level("node").acquire(Intent.OPEN_RISK);
        level("desk").halt("stop", null);
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> level("node").acquire(Intent.OPEN_RISK, outer)))
                .isInstanceOf(TradingPausedException.class)
                .hasMessageContaining("'desk' is HALTED");
        level("desk").reset("go", null);
        outer.success();
        level("node").trip("x", null);
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> level("node").acquire(Intent.OPEN_RISK, outer)))
                .isInstanceOf(TradingPausedException.class);
    }

    @Test
    void stalledCall_isSeenAtEachLevel() {
        level("node").acquire(Intent.OPEN_RISK);
        desk.advance(240);
        for (String name : new String[] {"desk", "venue", "node"}) {
            assertThat(level(name).counters().stalled()).isEqualTo(1);
            assertThat(level(name).latencyMonitor().window().over()).isEqualTo(1);
        }
    }

    @Test
    @Timeout(60)
    void refusalBelowThreeLevels_freesNoSlotOfAnotherCall() throws Exception {
        Desk deep = new Desk()
                .breaker("desk", c -> {})
                .breaker("venue", c -> c.parent("desk"))
                .breaker("good", c -> c.parent("venue"))
                .breaker("bad", c -> c.parent("venue"));
        TradingBreaker good = deep.breaker("good");
        TradingBreaker bad = deep.breaker("bad");
        bad.halt("x", null);
        Threads.run(32, number -> {
            for (int i = 0; i < 20_000; i++) {
                if (number % 2 == 0) {
                    assertThat(bad.tryAcquire()).isNull();
                } else {
                    good.acquire(Intent.OPEN_RISK).success();
                }
            }
        });
        for (String name : new String[] {"desk", "venue", "good"}) {
            assertThat(deep.breaker(name).counters().inFlight()).isZero();
            assertThat(deep.breaker(name).counters().successful()).isEqualTo(16 * 20_000);
        }
    }

    @Test
    void joinedPermit_endsWithTheCallThatItJoined() {
        Permit outer = level("node").acquire(Intent.OPEN_RISK);
        Permit joined = level("node").acquire(Intent.OPEN_RISK, outer);
        outer.success();
        level("node").trip("x", null);
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> level("node").acquire(Intent.OPEN_RISK, joined)))
                .isInstanceOf(TradingPausedException.class);
    }

    @Test
    void permitUnderAJoinedLevel_doesNotHoldThatLevel() {
        Permit outer = level("venue").acquire(Intent.OPEN_RISK);
        Permit inner = level("node").acquire(Intent.OPEN_RISK, outer);
        outer.success();
        level("venue").trip("x", null);
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> level("venue").acquire(Intent.OPEN_RISK, inner)))
                .isInstanceOf(TradingPausedException.class);
    }

    @Test
    void cancelledCall_isNotCountedAsWouldReject() {
        Desk own =
                new Desk().breaker("venue", c -> c.mode(BreakerMode.OBSERVE)).breaker("node", c -> c.parent("venue"));
        own.breaker("venue").trip("x", null);
        own.breaker("node").trip("x", null);
        assertThat(own.breaker("node").tryAcquire()).isNull();
        assertThat(own.breaker("venue").counters().wouldReject()).isZero();
    }

    @Test
    void levelThatIsNoLongerHeld_isAskedAgain_andEndsWithTheJoinedCall() {
        Permit outer = level("venue").acquire(Intent.OPEN_RISK);
        Permit inner = level("node").acquire(Intent.OPEN_RISK, outer);
        outer.success();
        level("node").acquire(Intent.OPEN_RISK, inner).success();
        assertThat(level("node").counters().permitted()).isEqualTo(1);
        assertThat(level("venue").counters().successful()).isEqualTo(2);
        assertThat(level("venue").counters().inFlight()).isZero();
        assertThat(level("desk").counters().inFlight()).isZero();
    }

    @Test
    void parent_isKnownToTheBreakerAndItsSnapshot() {
        assertThat(level("node").parent()).isSameAs(level("venue"));
        assertThat(level("node").snapshot().parent()).isEqualTo("venue");
        assertThat(level("desk").parent()).isNull();
        assertThat(level("desk").snapshot().parent()).isNull();
    }
}
