package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Calls that have not returned. */
class StalledCallTests {

    @Test
    void hundredHungCalls_tripWhileTheyHang() {
        Desk desk = Desk.of(c -> {});
        List<Permit> hung = acquire(desk, 100);
        desk.advance(200).expect(BreakerState.CLOSED);
        desk.advance(20).expect(BreakerState.OPEN);
        assertThat(desk.lastRule()).isEqualTo(Rule.PERCENTILE);
        assertThat(desk.breaker().counters().inFlight()).isEqualTo(100);
        assertThat(desk.breaker().counters().stalled()).isEqualTo(100);
        hung.forEach(Permit::success);
        Desk.assertBalanced(desk.breaker());
        assertThat(desk.breaker().counters().slow()).isEqualTo(100);
        assertThat(desk.breaker().counters().stale()).isEqualTo(100);
    }

    @Test
    void loneHungCall_tripsAfterFailureThresholdTimesTheLatencyThreshold() {
        Desk desk = Desk.of(c -> {});
        acquire(desk, 1);
        desk.advance(1000).expect(BreakerState.CLOSED);
        desk.advance(20).expect(BreakerState.OPEN);
        assertThat(desk.lastRule()).isEqualTo(Rule.CONSECUTIVE);
    }

    @Test
    void stalledCall_isOneSample_andItsReturnAddsOutcomeAndTrueLatency() {
        Desk desk = Desk.of(c -> c.failureThreshold(0));
        Permit hung = acquire(desk, 1).get(0);
        desk.advance(400);
        assertThat(desk.breaker().latencyMonitor().window().samples()).isEqualTo(1);
        assertThat(desk.breaker().latencyMonitor().statistics().max()).isEqualTo(Duration.ofMillis(400));
        desk.advance(50);
        hung.failure();
        LatencyStatistics after = desk.breaker().latencyMonitor().statistics();
        assertThat(after.count()).isEqualTo(1);
        assertThat(after.max()).isEqualTo(Duration.ofMillis(450));
        BreakerCounters counters = desk.breaker().counters();
        assertThat(counters.slow()).isEqualTo(1);
        assertThat(counters.stalled()).isEqualTo(1);
        assertThat(counters.failed()).isEqualTo(1);
        assertThat(counters.failedTime()).isEqualTo(Duration.ofMillis(450));
    }

    @Test
    void stalledCallThatFails_entersTheErrorRate() {
        Desk desk = Desk.of(c -> c.failureThreshold(0).percentile(50).minimumSamples(2));
        Permit hung = acquire(desk, 1).get(0);
        desk.advance(300).expect(BreakerState.CLOSED);
        hung.failure();
        desk.expect(BreakerState.OPEN);
        assertThat(desk.lastRule()).isEqualTo(Rule.ERROR_RATE);
    }

    @Test
    void separateThresholds_areSeenEachAtItsTime() {
        Desk desk = Desk.of(c -> c.p99Threshold(Duration.ofMillis(400))
                .latencyThreshold(Duration.ofMillis(100))
                .failureThreshold(0));
        acquire(desk, 1);
        desk.advance(120);
        assertThat(desk.breaker().counters().slow()).isEqualTo(1);
        assertThat(desk.breaker().latencyMonitor().window().samples()).isZero();
        desk.advance(280);
        assertThat(desk.breaker().latencyMonitor().window().samples()).isZero();
        desk.advance(20);
        assertThat(desk.breaker().latencyMonitor().window()).isEqualTo(new LatencyMonitor.WindowView(1, 1, 3));
    }

    @Test
    void stalledCallLengthensTheRunAgain_afterAFastSuccessEndedIt() {
        Desk desk = Desk.of(c -> c.failureThreshold(3));
        acquire(desk, 1);
        desk.advance(420);
        assertThat(desk.breaker().counters().consecutiveFailures()).isEqualTo(2);
        desk.calls(1, 1);
        assertThat(desk.breaker().counters().consecutiveFailures()).isZero();
        desk.advance(200);
        assertThat(desk.breaker().counters().consecutiveFailures()).isEqualTo(1);
    }

    @Test
    void lostPermit_isAbandoned_andItsLateCompletionOnlyCounts() {
        Desk desk = Desk.of(c -> c.failureThreshold(0).permitTimeout(Duration.ofSeconds(5)));
        Permit lost = acquire(desk, 1).get(0);
        desk.advance(5_020);
        BreakerCounters counters = desk.breaker().counters();
        assertThat(counters.abandoned()).isEqualTo(1);
        assertThat(counters.inFlight()).isZero();
        assertThat(counters.oldestInFlight()).isZero();
        lost.success();
        lost.success();
        BreakerCounters after = desk.breaker().counters();
        assertThat(after.successful()).isZero();
        assertThat(after.stale()).isEqualTo(1);
        assertThat(after.permitted()).isEqualTo(1);
        Desk.assertBalanced(desk.breaker());
    }

    @Test
    void lostPermit_isReportedWithTheAgeAtWhichItWasGivenUp() {
        Desk desk = Desk.of(c -> c.failureThreshold(0).permitTimeout(Duration.ofSeconds(5)));
        acquire(desk, 1);
        desk.advance(6_000);
        assertThat(desk.breaker().counters().abandoned()).isEqualTo(1);
        assertThat(desk.breaker().latencyMonitor().statistics().max()).isEqualTo(Duration.ofMillis(5_020));
    }

    @Test
    void thousandLostPermits_areAllReclaimed() {
        Desk desk = Desk.of(c -> c.failureThreshold(0)
                .p99Threshold(Duration.ZERO)
                .latencyThreshold(Duration.ofMillis(200))
                .permitTimeout(Duration.ofSeconds(5)));
        List<Permit> lost = acquire(desk, 1000);
        desk.advance(5_020);
        assertThat(desk.breaker().counters().abandoned()).isEqualTo(1000);
        assertThat(desk.breaker().counters().inFlight()).isZero();
        lost.forEach(Permit::failure);
        assertThat(desk.breaker().counters().failed()).isZero();
        Desk.assertBalanced(desk.breaker());
        desk.calls(10, 1);
        assertThat(desk.breaker().counters().successful()).isEqualTo(10);
    }

    @Test
    void doubleCompletion_countsOnce() {
        Desk desk = Desk.of(c -> {});
        Permit permit = acquire(desk, 1).get(0);
        permit.success();
        permit.failure();
        permit.ignored();
        assertThat(desk.breaker().counters().successful()).isEqualTo(1);
        assertThat(desk.breaker().counters().failed()).isZero();
        assertThat(desk.breaker().counters().stale()).isZero();
        Desk.assertBalanced(desk.breaker());
    }

    @Test
    void staleCompletions_neverDecide_twoCallsOfClosedFinishInHalfOpen() {
        Desk desk = Desk.of(c -> {});
        List<Permit> old = acquire(desk, 12);
        desk.halfOpen();
        old.subList(0, 6).forEach(Permit::success);
        old.subList(6, 12).forEach(Permit::ignored);
        desk.expect(BreakerState.HALF_OPEN);
        int trials = 0;
        while (desk.breaker().tryAcquire() != null) {
            trials++;
        }
        assertThat(trials).isEqualTo(3);
        assertThat(desk.breaker().counters().stale()).isEqualTo(12);
    }

    @Test
    void oldestInFlight_isShown() {
        Desk desk = Desk.of(c -> {});
        acquire(desk, 1);
        desk.advance(70);
        acquire(desk, 1);
        desk.advance(10);
        assertThat(desk.breaker().counters().oldestInFlight()).isEqualTo(Duration.ofMillis(80));
        assertThat(desk.breaker().counters().inFlight()).isEqualTo(2);
    }

    static List<Permit> acquire(Desk desk, int count) {
        List<Permit> permits = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            permits.add(desk.breaker().acquire(Intent.OPEN_RISK));
        }
        return permits;
    }

    @Test
    void callOverThePercentilesThresholdOnly_isNotStalledYet() {
        Desk desk = Desk.of(c -> c.p99Threshold(Duration.ofMillis(100)).latencyThreshold(Duration.ofMillis(300)));
        acquire(desk, 1);
        desk.advance(300);
        assertThat(desk.breaker().latencyMonitor().window().over()).isEqualTo(1);
        assertThat(desk.breaker().counters().stalled()).isZero();
        assertThat(desk.breaker().counters().consecutiveFailures()).isZero();
        desk.advance(20);
        assertThat(desk.breaker().counters().stalled()).isEqualTo(1);
    }

    @Test
    void stalledCallInAWindowThatHasSlid_isShownWithItsAge_andAmendedOnReturn() {
        Desk desk = Desk.of(
                c -> c.failureThreshold(0).windowSize(10).minimumSamples(10).percentile(80));
        desk.calls(15, 10);
        Permit hung = acquire(desk, 1).get(0);
        desk.advance(400);
        assertThat(desk.breaker().latencyMonitor().statistics().max()).isEqualTo(Duration.ofMillis(400));
        desk.advance(50);
        hung.success();
        assertThat(desk.breaker().latencyMonitor().statistics().max()).isEqualTo(Duration.ofMillis(450));
        assertThat(desk.breaker().latencyMonitor().statistics().min()).isEqualTo(Duration.ofMillis(10));
        assertThat(desk.breaker().latencyMonitor().window().samples()).isEqualTo(10);
    }
}
