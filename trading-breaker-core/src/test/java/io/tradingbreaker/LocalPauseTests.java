package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** This JVM stands still, and the node is not blamed. */
class LocalPauseTests {

    private final Desk desk = Desk.of(c -> {}).advance(100);

    @Test
    void pauseOf500MillisWith100CallsInFlight_doesNotTrip() {
        List<Permit> calls = StalledCallTests.acquire(desk, 100);
        desk.advance(60);
        desk.time.pause(Duration.ofMillis(500));
        desk.advance(60).expect(BreakerState.CLOSED);
        calls.forEach(Permit::success);
        desk.expect(BreakerState.CLOSED);
        assertThat(desk.breaker().latencyMonitor().statistics().max())
                .isLessThanOrEqualTo(Duration.ofMillis(60 + 60 + 20));
        Tally pauses = desk.registry().localPauses();
        assertThat(pauses.count()).isEqualTo(1);
        assertThat(pauses.total()).isBetween(Duration.ofMillis(480), Duration.ofMillis(500));
    }

    @Test
    void callThatEndsBeforeTheCheckHasReportedThePause_isNotChargedEither() {
        Permit permit = desk.breaker().acquire(Intent.OPEN_RISK);
        desk.advance(60);
        // Due before the stall check: the call's thread wakes first after the pause.
        desk.time.after(Duration.ZERO, permit::success);
        desk.time.pause(Duration.ofMillis(500));
        assertThat(desk.breaker().counters().slow()).isZero();
        assertThat(desk.breaker().latencyMonitor().statistics().max()).isLessThanOrEqualTo(Duration.ofMillis(80));
    }

    @Test
    void nodeThatHangsAcrossAPause_tripsOneThresholdAndOneIntervalLater() {
        StalledCallTests.acquire(desk, 100);
        desk.advance(60);
        desk.time.pause(Duration.ofMillis(500));
        desk.advance(120).expect(BreakerState.CLOSED);
        desk.advance(40).expect(BreakerState.OPEN);
        assertThat(desk.lastRule()).isEqualTo(Rule.PERCENTILE);
    }

    @Test
    void moreThanTwoSecondsInTen_tripByTheirOwnRule() {
        desk.time.pause(Duration.ofMillis(1_500));
        desk.advance(100).expect(BreakerState.CLOSED);
        desk.time.pause(Duration.ofMillis(700));
        desk.expect(BreakerState.OPEN);
        assertThat(desk.lastRule()).isEqualTo(Rule.LOCAL_PAUSE);
        assertThat(desk.lastTransition().reason().message()).contains("this JVM stood still");
        assertThat(desk.lastTransition().reason().observed()).isBetween(2_000.0, 2_200.0);
    }

    @Test
    void pausesMoreThanTenSecondsApart_doNotAddUp() {
        desk.time.pause(Duration.ofMillis(1_500));
        desk.advance(10_000);
        desk.time.pause(Duration.ofMillis(1_500));
        desk.expect(BreakerState.CLOSED);
    }

    @Test
    void ruleSwitchedOff_doesNotTrip() {
        Desk off = Desk.of(c -> c.localPauseLimit(Duration.ZERO));
        off.registry();
        off.time.pause(Duration.ofSeconds(9));
        off.expect(BreakerState.CLOSED);
        assertThat(off.registry().localPauses().count()).isEqualTo(1);
    }

    @Test
    void slightLateness_isNoPause() {
        for (int i = 0; i < 100; i++) {
            desk.registry();
            desk.time.pause(Duration.ofMillis(29));
        }
        assertThat(desk.registry().localPauses().count()).isZero();
    }

    @Test
    void steppedWallClock_changesNothing() {
        desk.open();
        desk.time.clock().stepWallClock(Duration.ofHours(-5));
        desk.advance(29_980).expect(BreakerState.OPEN);
        desk.time.clock().stepWallClock(Duration.ofDays(3));
        desk.expect(BreakerState.OPEN).advance(20).expect(BreakerState.HALF_OPEN);
    }

    @Test
    void close_doesNotChargeEarlierPausesToCallsInFlight() {
        desk.time.pause(Duration.ofSeconds(1));
        desk.advance(1_000);
        List<Permit> permits = StalledCallTests.acquire(desk, 5);
        desk.registry().close();
        permits.forEach(Permit::success);
        assertThat(desk.breaker().counters().slow()).isZero();
        assertThat(desk.registry().localPauses().count()).isEqualTo(1);
        desk.expect(BreakerState.CLOSED);
    }

    @Test
    void latenessOfHalfAnInterval_isNoPause_andOfMoreIsOne() {
        desk.time.pause(Duration.ofMillis(30));
        assertThat(desk.registry().localPauses().count()).isZero();
        desk.time.pause(Duration.ofMillis(31));
        assertThat(desk.registry().localPauses()).isEqualTo(new Tally(1, Duration.ofMillis(11)));
    }

    @Test
    void shortPauseThatIsNotYetReported_isLeftOutFromHalfAnIntervalOn() {
        assertThat(latencyAcrossUnreportedPause(30)).isEqualTo(Duration.ofMillis(30));
        assertThat(latencyAcrossUnreportedPause(31)).isEqualTo(Duration.ofMillis(20));
    }

    private static Duration latencyAcrossUnreportedPause(long millis) {
        Desk paused = Desk.of(c -> {}).advance(100);
        Permit permit = paused.breaker().acquire(Intent.OPEN_RISK);
        paused.time.after(Duration.ZERO, permit::success);
        paused.time.pause(Duration.ofMillis(millis));
        return paused.breaker().counters().successfulTime();
    }

    @Test
    void pauseThatIsPartlyMoreThanTenSecondsAgo_countsWithTheRestOfIt() {
        desk.time.pause(Duration.ofMillis(1_520));
        desk.advance(8_000);
        desk.time.pause(Duration.ofMillis(1_520));
        // 0.48 s of the first and 1.5 s of the second are in the last 10 s.
        desk.expect(BreakerState.CLOSED);
        Desk sooner = Desk.of(c -> {}).advance(100);
        sooner.time.pause(Duration.ofMillis(1_520));
        sooner.advance(7_500);
        sooner.time.pause(Duration.ofMillis(1_520));
        sooner.expect(BreakerState.OPEN);
        assertThat(sooner.lastTransition().reason().observed()).isEqualTo(980 + 1_500);
        assertThat(sooner.lastTransition().reason().limit()).isEqualTo(2_000);
    }

    @Test
    void pausesOfExactlyTheLimit_doNotTrip() {
        desk.time.pause(Duration.ofMillis(2_020));
        desk.expect(BreakerState.CLOSED);
        Desk longer = Desk.of(c -> {}).advance(100);
        longer.time.pause(Duration.ofMillis(2_021));
        longer.expect(BreakerState.OPEN);
        assertThat(longer.lastTransition().reason().message())
                .isEqualTo("this JVM stood still for 2001.0 ms of the last 10 s (local-pause-limit 2s)");
    }

    @Test
    void hangAcrossAPause_tripsAtMostOneThresholdAndOneIntervalAfterThePause_whereverItLies() {
        for (long pause : new long[] {40, 100, 500, 1_900}) {
            for (long before = 0; before <= 180; before += 7) {
                Desk hung = Desk.of(c -> {}).advance(107);
                StalledCallTests.acquire(hung, 100);
                hung.advance(before);
                hung.time.pause(Duration.ofMillis(pause));
                // The time before the pause counts, and so does that up to the check which it delayed.
                hung.expect(BreakerState.CLOSED).advance(180 - before).expect(BreakerState.CLOSED);
                hung.advance(40).expect(BreakerState.OPEN);
                assertThat(hung.lastRule()).isEqualTo(Rule.PERCENTILE);
            }
        }
    }

    @Test
    void repeatedPauses_doNotHideAHang() {
        StalledCallTests.acquire(desk, 100);
        for (int i = 0; i < 4; i++) {
            desk.expect(BreakerState.CLOSED).advance(50);
            desk.time.pause(Duration.ofMillis(150));
        }
        desk.advance(100).expect(BreakerState.OPEN);
        assertThat(desk.lastRule()).isEqualTo(Rule.PERCENTILE);
        assertThat(desk.registry().localPauses().count()).isEqualTo(4);
    }

    @Test
    void pauseOf500MillisOverALimitOf400_isMetered_andNamedInTheReasonWithoutBlamingACall() {
        Desk strict = Desk.of(c -> c.localPauseLimit(Duration.ofMillis(400))).advance(100);
        StalledCallTests.acquire(strict, 100);
        strict.time.pause(Duration.ofMillis(520));
        strict.expect(BreakerState.OPEN);
        assertThat(strict.lastRule()).isEqualTo(Rule.LOCAL_PAUSE);
        TransitionReason reason = strict.lastTransition().reason();
        assertThat(reason.message())
                .isEqualTo("this JVM stood still for 500.0 ms of the last 10 s (local-pause-limit 400ms)");
        assertThat(reason.observed()).isEqualTo(500);
        assertThat(reason.samples()).isZero();
        assertThat(strict.breaker().counters().stalled()).isZero();
        assertThat(strict.registry().localPauses()).isEqualTo(new Tally(1, Duration.ofMillis(500)));
    }
}
