package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** OPEN → HALF_OPEN → CLOSED, and the ways back. */
class RecoveryTests {

    private HealthStatus health = HealthStatus.healthy(Duration.ofMillis(20), "ok");
    private final AtomicInteger asked = new AtomicInteger();
    private final Desk desk = checked();

    /** Without jitter, so that every wait is known. */
    private static Desk plain() {
        return Desk.of(RecoveryTests::withoutJitter);
    }

    private static void withoutJitter(BreakerConfigBuilder c) {
        c.recovery(new RecoveryPolicy(Duration.ofSeconds(1), Duration.ofMinutes(5), 2, 0))
                .recoveryTimeout(Duration.ofSeconds(3));
    }

    private Desk checked() {
        return plain().checker(() -> {
            asked.incrementAndGet();
            return health;
        });
    }

    @Test
    void withoutTrafficOrChecker_timeAloneLeadsToHalfOpen() {
        Desk alone = plain();
        alone.open().advance(2_999).expect(BreakerState.OPEN);
        alone.advance(1).expect(BreakerState.HALF_OPEN);
        assertThat(alone.lastRule()).isEqualTo(Rule.TIMEOUT);
        assertThat(alone.breaker().counters().recoveryAttempts()).isEqualTo(1);
    }

    @Test
    void healthyProbe_leadsToHalfOpen_andIsNotAskedBefore() {
        desk.open().advance(2_999);
        assertThat(asked).hasValue(0);
        desk.advance(1).expect(BreakerState.HALF_OPEN);
        assertThat(asked).hasValue(1);
        assertThat(desk.lastRule()).isEqualTo(Rule.PROBE);
        assertThat(desk.lastTransition().reason().observed()).isEqualTo(20);
        BreakerSnapshot.Probe probe = desk.breaker().snapshot().recovery().lastProbe();
        assertThat(probe.healthy()).isTrue();
        assertThat(probe.details()).isEqualTo("ok");
        assertThat(desk.breaker().counters().healthyProbes().count()).isEqualTo(1);
    }

    @Test
    void unhealthyProbes_backOffExponentially() {
        health = HealthStatus.unhealthy("slot stands still");
        desk.open().advance(3_000).expect(BreakerState.OPEN);
        for (int wait = 1; wait <= 8; wait *= 2) {
            int before = asked.get();
            assertThat(desk.refusal(Intent.OPEN_RISK).retryAfter()).isEqualTo(Duration.ofSeconds(wait));
            desk.advance(wait * 1000L - 1);
            assertThat(asked).hasValue(before);
            desk.advance(1);
            assertThat(asked).hasValue(before + 1);
        }
        assertThat(desk.breaker().snapshot().recovery().attempt()).isEqualTo(5);
        assertThat(desk.breaker().counters().unhealthyProbes().count()).isEqualTo(5);
        health = HealthStatus.healthy(Duration.ofMillis(1), "ok");
        desk.advance(16_000).expect(BreakerState.HALF_OPEN);
    }

    @Test
    void healthyButSlowProbe_isNotHealthy() {
        health = HealthStatus.healthy(Duration.ofMillis(201), "ok");
        desk.open().advance(3_000).expect(BreakerState.OPEN);
        assertThat(desk.breaker().snapshot().recovery().lastProbe().details())
                .isEqualTo("healthy, but slower than latency-threshold (200ms): ok");
        health = HealthStatus.healthy(Duration.ofMillis(200), "ok");
        desk.advance(1_000).expect(BreakerState.HALF_OPEN);
    }

    @Test
    void probeThatThrowsOrReturnsNull_isUnhealthy() {
        Desk broken = plain().checker(() -> {
            if (asked.incrementAndGet() == 1) {
                throw new AssertionError("no\nroute");
            }
            return null;
        });
        broken.open().advance(3_000).expect(BreakerState.OPEN);
        assertThat(broken.breaker().snapshot().recovery().lastProbe().details())
                .isEqualTo("the health check failed: java.lang.AssertionError: no route");
        broken.advance(1_000).expect(BreakerState.OPEN);
        assertThat(asked).hasValue(2);
    }

    @Test
    void hungProbe_isUnhealthyWhenOverdue_neverAskedTwiceAtOnce_andItsLateAnswerIsIgnored() {
        desk.open();
        desk.time.holdProbes();
        desk.advance(3_999).expect(BreakerState.OPEN);
        assertThat(desk.breaker().snapshot().recovery().lastProbe()).isNull();
        desk.advance(1);
        assertThat(desk.breaker().snapshot().recovery().lastProbe().details())
                .contains("no answer within probe.timeout");
        assertThat(desk.breaker().snapshot().recovery().attempt()).isEqualTo(1);
        desk.advance(10_000);
        assertThat(asked).hasValue(0);
        desk.time.releaseProbes();
        desk.runDue().expect(BreakerState.OPEN);
        desk.advance(60_000).expect(BreakerState.HALF_OPEN);
    }

    @Test
    void answerForAnEarlierPhase_isIgnored() {
        desk.open();
        desk.time.holdProbes();
        desk.advance(3_000);
        desk.breaker().reset("fine", "ops");
        desk.breaker().trip("again", "ops");
        desk.time.releaseProbes();
        desk.runDue().expect(BreakerState.OPEN);
        desk.advance(2_999).expect(BreakerState.OPEN);
    }

    @Test
    void allCheckersMustBeHealthy_andOnlyThoseThatSupportTheBreakerAreAsked() {
        HealthChecker foreign = new HealthChecker() {
            @Override
            public HealthStatus check() {
                throw new AssertionError("not mine");
            }

            @Override
            public boolean supports(String breaker) {
                return breaker.equals("other");
            }
        };
        Desk several = checked().checker(foreign).checker(() -> HealthStatus.unhealthy("second says no"));
        several.open().advance(3_000).expect(BreakerState.OPEN);
        assertThat(several.breaker().snapshot().recovery().lastProbe().details())
                .isEqualTo("second says no");
    }

    @Test
    void twoFastSuccesses_close() {
        desk.halfOpen();
        desk.calls(1, 50).expect(BreakerState.HALF_OPEN).calls(1, 50).expect(BreakerState.CLOSED);
        assertThat(desk.lastRule()).isEqualTo(Rule.TRIALS);
        assertThat(desk.breaker().latencyMonitor().window().samples()).isZero();
    }

    @Test
    void oneFailedTrialOfThree_leavesTwoThatCanStillClose() {
        desk.halfOpen().failures(1).expect(BreakerState.HALF_OPEN).calls(2, 50).expect(BreakerState.CLOSED);
    }

    @Test
    void secondFailedTrial_opens_andCountsAsAnAttempt() {
        desk.halfOpen().failures(1).expect(BreakerState.HALF_OPEN).failures(1).expect(BreakerState.OPEN);
        assertThat(desk.lastRule()).isEqualTo(Rule.TRIALS);
        assertThat(desk.breaker().snapshot().recovery().attempt()).isEqualTo(1);
    }

    @Test
    void trialsAreBounded_alsoAfterTheyHaveEnded() {
        desk.halfOpen();
        Permit first = desk.breaker().tryAcquire();
        Permit second = desk.breaker().tryAcquire();
        assertThat(desk.breaker().tryAcquire()).isNotNull();
        assertThat(desk.breaker().tryAcquire()).isNull();
        first.failure();
        assertThat(desk.breaker().tryAcquire()).isNull();
        second.ignored();
        assertThat(desk.breaker().tryAcquire()).isNotNull();
        assertThat(desk.breaker().tryAcquire()).isNull();
    }

    @Test
    void stalledTrials_openWhileTheyHang() {
        desk.halfOpen();
        StalledCallTests.acquire(desk, 2);
        desk.advance(200).expect(BreakerState.HALF_OPEN).advance(20).expect(BreakerState.OPEN);
    }

    @Test
    void slowTrial_isAFailedOne() {
        desk.halfOpen().calls(2, 201).expect(BreakerState.OPEN);
    }

    @Test
    void leakedTrialPermits_doNotHoldHalfOpenForEver() {
        Desk patient = Desk.of(c -> c.latencyThreshold(Duration.ofSeconds(10))
                .permitTimeout(Duration.ofSeconds(10))
                .halfOpenTimeout(Duration.ofMinutes(1)));
        patient.halfOpen();
        StalledCallTests.acquire(patient, 3);
        patient.advance(10_040).expect(BreakerState.OPEN);
    }

    @Test
    void halfOpenTimeoutWithoutTraffic_asksAgain_andStaysWhenHealthy() {
        desk.halfOpen().calls(1, 10);
        desk.advance(30_000).expect(BreakerState.HALF_OPEN);
        assertThat(asked).hasValue(2);
        desk.advance(30_000).expect(BreakerState.HALF_OPEN);
        assertThat(asked).hasValue(3);
        // The success of before is kept.
        desk.calls(1, 10).expect(BreakerState.CLOSED);
        assertThat(desk.breaker().snapshot().recovery().attempt()).isZero();
    }

    @Test
    void halfOpenTimeoutWithoutChecker_staysHalfOpen() {
        Desk alone = plain();
        alone.halfOpen().advance(300_000).expect(BreakerState.HALF_OPEN);
    }

    @Test
    void halfOpenTimeout_opensWhenUnhealthy() {
        desk.halfOpen();
        health = HealthStatus.unhealthy("gone again");
        desk.advance(30_000).expect(BreakerState.OPEN);
        assertThat(desk.lastRule()).isEqualTo(Rule.PROBE);
        assertThat(desk.breaker().snapshot().recovery().attempt()).isEqualTo(1);
    }

    @Test
    void halfOpenTimeout_opensWhenATrialHasFailed() {
        desk.halfOpen().failures(1).advance(30_000).expect(BreakerState.OPEN);
        assertThat(desk.lastRule()).isEqualTo(Rule.TRIALS);
    }

    @Test
    void trialThatFailsWhileTheCheckAfterHalfOpenTimeoutRuns_opens_howeverHealthyTheAnswer() {
        desk.halfOpen();
        desk.time.holdProbes();
        desk.advance(30_000).failures(1).expect(BreakerState.HALF_OPEN);
        desk.time.releaseProbes();
        desk.runDue().expect(BreakerState.OPEN);
        assertThat(desk.lastRule()).isEqualTo(Rule.TRIALS);
        assertThat(desk.breaker().snapshot().recovery().attempt()).isEqualTo(1);
        assertThat(desk.breaker().counters().healthyProbes().count()).isEqualTo(2);
    }

    @Test
    void failedTrials_waitForTheLongerOfBackoffAndRecoveryTimeout() {
        Desk flapping = plain();
        long[] waits = {3, 3, 3, 4, 8};
        flapping.open();
        for (int failed = 0; failed < waits.length; failed++) {
            flapping.advance(waits[failed] * 1000 - 1).expect(BreakerState.OPEN);
            flapping.advance(1).expect(BreakerState.HALF_OPEN);
            flapping.calls(2, 0, Permit::failure).expect(BreakerState.OPEN);
        }
    }

    @Test
    void flapping_isDamped_andForgottenOnceStable() {
        Desk flapping = plain();
        long[] waits = {3, 3, 3, 4, 8};
        flapping.open();
        for (long wait : waits) {
            flapping.advance(wait * 1000 - 1).expect(BreakerState.OPEN);
            flapping.advance(1).expect(BreakerState.HALF_OPEN);
            flapping.calls(2, 0).expect(BreakerState.CLOSED);
            flapping.failures(5).expect(BreakerState.OPEN);
        }
        assertThat(flapping.breaker().snapshot().recovery().attempt()).isEqualTo(5);
        flapping.advance(16_000).calls(2, 0).expect(BreakerState.CLOSED);
        assertThat(flapping.breaker().snapshot().recovery().attempt()).isEqualTo(5);
        flapping.advance(3_000);
        assertThat(flapping.breaker().snapshot().recovery().attempt()).isZero();
        flapping.failures(5).advance(2_999).expect(BreakerState.OPEN).advance(1).expect(BreakerState.HALF_OPEN);
    }

    @Test
    void lateResultsPassThroughsAndRepeatedTrips_neverProlongOpen() {
        Permit late = desk.breaker().acquire(Intent.OPEN_RISK);
        desk.open();
        for (int i = 0; i < 10; i++) {
            desk.advance(299);
            desk.breaker().trip("again", null);
            desk.breaker().acquire(Intent.CANCEL).failure();
        }
        late.failure();
        desk.expect(BreakerState.OPEN).advance(10).expect(BreakerState.HALF_OPEN);
    }

    @Test
    void resetAndNewTrip_areNotHurriedByTheOldTimer() {
        desk.open().advance(2_500);
        desk.breaker().reset("fine", null);
        desk.open().advance(2_999).expect(BreakerState.OPEN).advance(1).expect(BreakerState.HALF_OPEN);
    }

    @Test
    void backoff_saturatesAndJitterOnlyShortens() {
        RecoveryPolicy policy = RecoveryPolicy.DEFAULT;
        assertThat(policy.backoff(0, 0.5)).isZero();
        assertThat(policy.backoff(1, 0)).isEqualTo(Duration.ofSeconds(1));
        assertThat(policy.backoff(3, 0)).isEqualTo(Duration.ofSeconds(4));
        assertThat(policy.backoff(3, 0.5)).isEqualTo(Duration.ofMillis(3_800));
        assertThat(policy.backoff(Integer.MAX_VALUE, 0)).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    @Timeout(60)
    void halfOpenFlood_letsThreeThroughAndNoMore() throws Exception {
        Desk flooded = Desk.of(c -> {});
        flooded.halfOpen();
        AtomicInteger callee = new AtomicInteger();
        Threads.run(16, i -> {
            for (int n = 0; n < 2_000; n++) {
                if (flooded.breaker().tryAcquire() != null) {
                    callee.incrementAndGet();
                }
            }
        });
        assertThat(callee).hasValue(3);
        assertThat(flooded.breaker().counters().rejected()).isEqualTo(16 * 2_000 - 3);
    }

    @Test
    void trialOverThePercentilesThresholdOnly_isAFastSuccess() {
        Desk apart = Desk.of(c -> c.p99Threshold(Duration.ofMillis(100)).latencyThreshold(Duration.ofMillis(300)));
        apart.halfOpen().calls(2, 105).expect(BreakerState.CLOSED);
        assertThat(apart.lastTransition().reason().message()).isEqualTo("2 of 3 trial calls succeeded, 2 needed");
        assertThat(apart.lastTransition().reason().observed()).isEqualTo(2);
    }

    @Test
    void halfOpenTimeoutWithoutChecker_renewsTheSlots_andStartsAgain() {
        Desk alone = plain();
        alone.halfOpen().calls(1, 10).advance(30_000).expect(BreakerState.HALF_OPEN);
        List<Permit> fresh = StalledCallTests.acquire(alone, 3);
        assertThat(alone.breaker().tryAcquire()).isNull();
        fresh.forEach(Permit::ignored);
        alone.failures(1).expect(BreakerState.HALF_OPEN).advance(30_000).expect(BreakerState.OPEN);
        assertThat(alone.lastTransition().reason().message())
                .isEqualTo("1 trial calls failed or were slow, and half-open-timeout is over");
    }

    @Test
    void tripAfterAnOperatorsReset_isNoFailedAttempt() {
        Desk alone = plain();
        alone.open().breaker().reset("fine", null);
        alone.failures(5).expect(BreakerState.OPEN);
        assertThat(alone.breaker().snapshot().recovery().attempt()).isZero();
    }

    @Test
    void tripAfterAResetOfTheClosedBreaker_isNoFailedAttemptEither() {
        Desk alone = plain();
        alone.halfOpen().calls(2, 1).expect(BreakerState.CLOSED);
        alone.breaker().reset("fine", null);
        alone.failures(5).expect(BreakerState.OPEN);
        assertThat(alone.breaker().snapshot().recovery().attempt()).isZero();
    }

    @Test
    void probe_isTimed_andItsReasonSaysHowItWent() {
        desk.open().advance(3_000);
        assertThat(desk.lastTransition().reason().message()).isEqualTo("health check passed: ok");
        assertThat(desk.lastTransition().reason().limit()).isEqualTo(200);
        health = HealthStatus.unhealthy("gone again");
        desk.advance(30_000).expect(BreakerState.OPEN);
        assertThat(desk.lastTransition().reason().message()).isEqualTo("health check failed: gone again");
    }

    @Test
    void probeThatMeasuresNothing_isTimedItself() {
        Desk timed = new Desk().breaker("trading", RecoveryTests::withoutJitter);
        timed.checker(() -> {
            timed.time.advance(Duration.ofMillis(asked.incrementAndGet() == 1 ? 201 : 200));
            return new HealthStatus(true, null, null, "ok");
        });
        timed.open().advance(3_201).expect(BreakerState.OPEN);
        assertThat(timed.breaker().snapshot().recovery().lastProbe().latency()).isEqualTo(Duration.ofMillis(201));
        assertThat(timed.breaker().counters().unhealthyProbes()).isEqualTo(new Tally(1, Duration.ofMillis(201)));
        timed.advance(1_200).expect(BreakerState.HALF_OPEN);
        assertThat(timed.breaker().counters().healthyProbes()).isEqualTo(new Tally(1, Duration.ofMillis(200)));
    }

    @Test
    void answeredProbe_isNotOverdueAsWell() {
        desk.open().advance(3_000).expect(BreakerState.HALF_OPEN).advance(5_000);
        assertThat(desk.breaker().counters().unhealthyProbes().count()).isZero();
        assertThat(desk.breaker().snapshot().recovery().lastProbe().healthy()).isTrue();
    }

    @Test
    void questionOfAPhaseThatIsOver_isDroppedWhileItWaits_andItsSuccessorIsAsked() {
        Desk busy = new Desk().breaker("trading", c -> {
            withoutJitter(c);
            c.probeTimeout(Duration.ofMinutes(1));
        });
        busy.checker(() -> {
            if (asked.incrementAndGet() == 1) {
                // While this check runs, two more phases want to ask.
                for (int phase = 0; phase < 2; phase++) {
                    busy.breaker().reset("fine", null);
                    busy.breaker().trip("again", null);
                    busy.advance(3_000);
                }
                assertThat(asked).hasValue(1);
            }
            return HealthStatus.healthy(Duration.ZERO, "ok");
        });
        busy.open().advance(9_000).expect(BreakerState.HALF_OPEN);
        busy.advance(120_000);
        assertThat(busy.breaker().counters().unhealthyProbes().count()).isZero();
    }

    @Test
    void checkThatHangsBeyondItsTime_keepsLaterOnesWaiting_untilItReturns() {
        Desk hanging = new Desk().breaker("trading", RecoveryTests::withoutJitter);
        hanging.checker(() -> {
            if (asked.incrementAndGet() == 1) {
                hanging.advance(5_200);
                assertThat(asked).hasValue(1);
                assertThat(hanging.breaker().snapshot().recovery().attempt()).isEqualTo(2);
            }
            return HealthStatus.healthy(Duration.ZERO, "ok");
        });
        // Asked at 3 s and overdue at 4 s; waiting at 5 s and overdue at 6 s; waiting at 8 s, when the check returns.
        hanging.open().advance(8_200).expect(BreakerState.HALF_OPEN);
        assertThat(asked).hasValue(2);
    }
}
