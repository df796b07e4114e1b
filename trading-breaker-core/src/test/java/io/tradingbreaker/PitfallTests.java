package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What other breakers got wrong and no other test names, in virtual time. */
class PitfallTests {

    @Test
    void errorsThrownByTrialCalls_leaveNoSlotTaken() {
        Desk desk = Desk.of(c -> c.halfOpenRequests(5).halfOpenSuccesses(2)).halfOpen();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> desk.breaker().call(() -> {
                        throw new StackOverflowError("test");
                    }))
                    .isInstanceOf(StackOverflowError.class);
        }
        assertThat(desk.breaker().counters().inFlight()).isZero();
        assertThat(desk.breaker().counters().failed()).isEqualTo(3);
        desk.expect(BreakerState.HALF_OPEN).calls(2, 1).expect(BreakerState.CLOSED);
    }

    @Test
    void cancelledTrials_neitherCloseNorOpen() {
        Desk desk = Desk.of(c -> {}).halfOpen();
        for (int i = 0; i < 50; i++) {
            CompletableFuture<String> trial = new CompletableFuture<>();
            desk.breaker().callAsync(() -> trial);
            trial.cancel(true);
            desk.breaker().acquire(Intent.OPEN_RISK).ignored();
        }
        desk.expect(BreakerState.HALF_OPEN);
        assertThat(desk.breaker().counters().ignored()).isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1000})
    void halfOpen_isDecidedByItsTrials_whateverMinimumSamplesSays(int minimumSamples) {
        Desk desk = Desk.of(c -> c.minimumSamples(minimumSamples)).halfOpen();
        desk.calls(1, 1).expect(BreakerState.HALF_OPEN).calls(1, 1).expect(BreakerState.CLOSED);
        desk.halfOpen().failures(1).expect(BreakerState.HALF_OPEN).failures(1).expect(BreakerState.OPEN);
    }

    @Test
    void classifierThatThrows_doesNotKeepAStageFromCompleting() {
        Desk desk = Desk.of(c -> {});
        desk.classifiers.add((breaker, result, error) -> {
            throw new IllegalStateException("broken predicate");
        });
        CompletableFuture<String> answer = new CompletableFuture<>();
        CompletionStage<String> stage = desk.breaker().callAsync(() -> answer);
        CompletableFuture<String> behind = stage.thenApply(s -> s + "!").toCompletableFuture();
        answer.complete("done");
        assertThat(behind).isCompletedWithValue("done!");
        assertThat(desk.breaker().counters().inFlight()).isZero();
    }

    @Test
    void steppedWallClock_movesNoDeadlineOfAnyKind() {
        Desk steady = stepping(Duration.ZERO);
        for (Duration step : List.of(Duration.ofDays(-400), Duration.ofSeconds(-31), Duration.ofDays(400))) {
            Desk stepped = stepping(step);
            assertThat(stepped.transitions)
                    .extracting(t -> t.from() + " " + t.to() + " " + t.reason().rule())
                    .isEqualTo(steady.transitions.stream()
                            .map(t -> t.from() + " " + t.to() + " " + t.reason().rule())
                            .toList());
            assertThat(stepped.breaker().counters().abandoned()).isEqualTo(1);
            assertThat(stepped.time.clock().nanoTime())
                    .isEqualTo(steady.time.clock().nanoTime());
        }
    }

    /** Window age, permit timeout, the least time of OPEN, backoff and half-open timeout, with steps in between. */
    private static Desk stepping(Duration step) {
        Desk desk = Desk.of(c -> c.permitTimeout(Duration.ofSeconds(1)).failureThreshold(9))
                .checker(() -> HealthStatus.unhealthy("no"));
        desk.breaker().acquire(Intent.OPEN_RISK);
        for (int i = 0; i < 80; i++) {
            desk.calls(1, i == 5 ? 250 : 1, i % 13 == 12 ? Permit::failure : Permit::success);
            desk.time.clock().stepWallClock(i % 2 == 0 ? step : step.negated());
            desk.advance(997);
        }
        desk.expect(BreakerState.CLOSED);
        desk.failures(9).expect(BreakerState.OPEN).advance(25_000);
        desk.time.clock().stepWallClock(step);
        desk.expect(BreakerState.OPEN).advance(60_000).expect(BreakerState.OPEN);
        desk.checkers.clear();
        return desk.runDue();
    }

    @Test
    void emptyWindow_hasNoPercentile_ratherThanOneOfZero() {
        Desk desk = Desk.of(c -> {});
        assertThat(desk.breaker().latencyMonitor().statistics()).isEqualTo(LatencyStatistics.EMPTY);
        assertThat(LatencyStatistics.EMPTY.p99()).isNull();
        desk.calls(1, 10).advance(61_000);
        assertThat(desk.breaker().latencyMonitor().statistics()).isEqualTo(LatencyStatistics.EMPTY);
    }

    @Test
    void idleBreaker_holdsNoWindow() {
        Desk desk = Desk.of(c -> {});
        Phase phase = ((Breaker) desk.breaker()).gate().machine().phase();
        desk.advance(1_000).breaker().snapshot();
        assertThat(phase.hasWindow()).isFalse();
        desk.calls(1, 1);
        assertThat(phase.hasWindow()).isTrue();
    }

    @Test
    void windowOfOneSample_decidesOnIt() {
        Desk desk = Desk.of(c -> c.windowSize(1).minimumSamples(1).failureThreshold(0));
        desk.calls(100, 200).expect(BreakerState.CLOSED).calls(1, 201).expect(BreakerState.OPEN);
    }

    @Test
    void staleCompletionsOfEveryKind_inEveryLaterState_changeNothing() {
        for (BreakerState later : BreakerState.values()) {
            Desk desk = Desk.of(c -> c.failureThreshold(1));
            List<Permit> stale = StalledCallTests.acquire(desk, 30);
            desk.open();
            switch (later) {
                case CLOSED -> desk.breaker().reset("x", null);
                case HALF_OPEN -> desk.advance(30_000);
                case HALTED -> desk.breaker().halt("x", null);
                case OPEN -> desk.advance(100);
            }
            desk.expect(later).runDue();
            int before = desk.transitions.size();
            Object window = desk.breaker().latencyMonitor().window();
            for (int i = 0; i < stale.size(); i++) {
                List.<Runnable>of(stale.get(i)::success, stale.get(i)::failure, stale.get(i)::ignored)
                        .get(i % 3)
                        .run();
            }
            desk.expect(later).runDue();
            assertThat(desk.transitions).hasSize(before);
            assertThat(desk.breaker().latencyMonitor().window()).isEqualTo(window);
            assertThat(desk.breaker().counters().consecutiveFailures()).isZero();
            assertThat(desk.breaker().counters().stale()).isEqualTo(30);
            if (later == BreakerState.HALF_OPEN) {
                assertThat(StalledCallTests.acquire(desk, 3)).hasSize(3);
                assertThat(desk.breaker().tryAcquire()).isNull();
            }
            Desk.assertBalanced(desk.breaker());
        }
    }

    @Test
    void jitter_onlyShortens_andByNoMoreThanItsFactor() {
        Random random = new Random(1);
        RecoveryPolicy policy = new RecoveryPolicy(Duration.ofSeconds(1), Duration.ofMinutes(5), 2, 0.25);
        long least = Long.MAX_VALUE;
        long most = 0;
        for (int i = 0; i < 1_000; i++) {
            long wait = policy.backoff(3, random.nextDouble()).toNanos();
            least = Math.min(least, wait);
            most = Math.max(most, wait);
        }
        assertThat(Duration.ofNanos(least)).isBetween(Duration.ofMillis(3_000), Duration.ofMillis(3_020));
        assertThat(Duration.ofNanos(most)).isBetween(Duration.ofMillis(3_980), Duration.ofMillis(4_000));
    }

    @Test
    void waitsOfABreakerWithJitter_differ_andStayWithinItsBounds() {
        Desk desk = Desk.of(c -> c.recoveryTimeout(Duration.ofMillis(100))
                        .recovery(new RecoveryPolicy(Duration.ofSeconds(8), Duration.ofSeconds(8), 1, 0.5)))
                .checker(() -> HealthStatus.unhealthy("no"));
        desk.open().advance(100);
        Set<Duration> waits = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            Duration wait = desk.refusal(Intent.OPEN_RISK).retryAfter();
            assertThat(wait).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(8));
            waits.add(wait);
            desk.time.advance(wait);
        }
        assertThat(waits).hasSizeGreaterThan(40);
        assertThat(desk.breaker().counters().recoveryAttempts()).isEqualTo(51);
    }
}
