package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.test.ManualScheduler;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the breaker depends on fails, and the breaker goes on. */
class FaultTests {

    private final FlakyScheduler flaky = new FlakyScheduler();
    private final List<Transition> told = new ArrayList<>();
    private final BreakerRegistry registry = BreakerRegistry.builder()
            .clock(flaky.time.clock())
            .scheduler(flaky)
            .listeners(List.of(told::add))
            .breaker("venue", BreakerConfig.DEFAULT)
            .breaker("node", BreakerConfig.DEFAULT.with(c -> c.parent("venue").failureThreshold(1)))
            .build();
    private final TradingBreaker node = registry.breaker("node");

    @Test
    void publishThatFailsOnce_silencesNobody() {
        flaky.failsToPublish = true;
        node.trip("a", null);
        node.reset("b", null);
        node.halt("c", null);
        flaky.time.runDue();
        assertThat(told).extracting(Transition::sequence).containsExactly(1L, 2L, 3L);
    }

    @Test
    void haltWhosePublishFails_isToldWithoutAFurtherTransition() {
        flaky.failsToPublish = true;
        node.halt("alone", null);
        flaky.time.advance(Duration.ofMillis(40));
        assertThat(told).extracting(t -> t.reason().message()).containsExactly("alone");
    }

    @Test
    void timerThatFailsOnce_silencesNobody_andIsSetAgain() {
        flaky.failsToSchedule = true;
        node.trip("a", null);
        assertThat(node.state()).isEqualTo(BreakerState.OPEN);
        flaky.time.advance(Duration.ofSeconds(29));
        assertThat(node.state()).isEqualTo(BreakerState.OPEN);
        flaky.time.advance(Duration.ofSeconds(1));
        assertThat(node.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(told).hasSize(2);
    }

    @Test
    void failingScheduler_costsNeitherTheCallersResultNorTheLevelsAbove() {
        flaky.failsToPublish = true;
        IOException mine = new IOException("mine");
        assertThatThrownBy(() -> node.call(() -> {
                    throw mine;
                }))
                .isSameAs(mine);
        assertThat(registry.breaker("venue").counters().inFlight()).isZero();
        assertThat(registry.breaker("venue").counters().failed()).isEqualTo(1);
    }

    @Test
    void failingScheduler_underTheStallCheck_holdsNoSlot() {
        Permit permit = node.tryAcquire();
        flaky.failsToPublish = true;
        flaky.time.advance(Duration.ofMillis(300));
        permit.success();
        assertThat(node.counters().inFlight()).isZero();
        assertThat(node.counters().stalled()).isEqualTo(1);
    }

    @Test
    void healthStatusWithoutALine_doesNotEndRecovery() {
        AtomicInteger asked = new AtomicInteger();
        Desk desk = Desk.of(c -> {})
                .checker(() -> asked.incrementAndGet() == 1
                        ? HealthStatus.unhealthy(new TimeoutException().getMessage())
                        : HealthStatus.healthy(Duration.ofMillis(1), "ok"));
        desk.open().advance(31_000).expect(BreakerState.HALF_OPEN);
    }

    @Test
    void healthStatusWithAnEndlessLatency_opensAgain() {
        AtomicInteger asked = new AtomicInteger();
        Desk desk = Desk.of(c -> {})
                .checker(() -> asked.incrementAndGet() == 1
                        ? HealthStatus.healthy(Duration.ofMillis(-5), "clock quirk")
                        : new HealthStatus(false, ChronoUnit.FOREVER.getDuration(), null, "no answer"));
        desk.halfOpen().advance(30_000).expect(BreakerState.OPEN);
    }

    @Test
    void exceptionThatCannotBePrinted_isUnhealthy() {
        Desk desk = Desk.of(c -> {}).checker(() -> {
            throw new IllegalStateException() {
                private static final long serialVersionUID = 1L;

                @Override
                public String getMessage() {
                    throw new IllegalStateException("worse");
                }
            };
        });
        desk.open().advance(30_000).advance(1_000).expect(BreakerState.OPEN);
        assertThat(desk.breaker().counters().unhealthyProbes().count()).isEqualTo(2);
    }

    @Test
    void supportsThatThrows_countsAsYes() {
        HealthChecker broken = new HealthChecker() {
            @Override
            public HealthStatus check() {
                return HealthStatus.unhealthy("asked all the same");
            }

            @Override
            public boolean supports(String breaker) {
                throw new IllegalStateException("supports");
            }
        };
        Desk desk = Desk.of(c -> {}).checker(broken);
        desk.open().advance(30_000).expect(BreakerState.OPEN);
        assertThat(desk.breaker().snapshot().recovery().lastProbe().details()).isEqualTo("asked all the same");
    }

    @Test
    void checkersThatCannotBeLookedUp_areUnhealthy_andLookedUpAgain() {
        AtomicInteger asked = new AtomicInteger();
        try (BreakerRegistry late = BreakerRegistry.builder()
                .clock(flaky.time.clock())
                .scheduler(flaky)
                .healthCheckers(() -> {
                    if (asked.incrementAndGet() <= 2) {
                        throw new IllegalStateException("not yet");
                    }
                    return List.of(() -> HealthStatus.healthy(Duration.ZERO, "ok"));
                })
                .build()) {
            late.breaker("trading").trip("x", null);
            flaky.time.advance(Duration.ofSeconds(30));
            assertThat(late.breaker("trading").state()).isEqualTo(BreakerState.OPEN);
            flaky.time.advance(Duration.ofSeconds(1));
            assertThat(late.breaker("trading").state()).isEqualTo(BreakerState.HALF_OPEN);
        }
    }

    @Test
    void listenersAndClassifiersThatCannotBeLookedUp_costNeitherCallNorTransition() throws Exception {
        List<Transition> toldLater = new ArrayList<>();
        AtomicInteger lookUps = new AtomicInteger();
        try (BreakerRegistry late = BreakerRegistry.builder()
                .clock(flaky.time.clock())
                .scheduler(flaky)
                .classifiers(() -> {
                    throw new IllegalStateException("not yet");
                })
                .listeners(() -> {
                    if (lookUps.incrementAndGet() == 1) {
                        throw new IllegalStateException("not yet");
                    }
                    return List.of(t -> FaultTests.<RuntimeException>sneak(new IOException()), toldLater::add);
                })
                .build()) {
            TradingBreaker breaker = late.breaker("trading");
            assertThat(breaker.call(() -> 1)).isEqualTo(1);
            assertThat(breaker.counters().successful()).isEqualTo(1);
            breaker.trip("a", null);
            breaker.reset("b", null);
            flaky.time.runDue();
            assertThat(toldLater).extracting(Transition::sequence).containsExactly(2L);
        }
    }

    @Test
    void classifierThatThrowsACheckedException_leaksNoCall() throws Exception {
        Desk desk = Desk.of(c -> {});
        desk.classifiers.add((breaker, result, error) -> FaultTests.<RuntimeException>sneak(new IOException()));
        assertThat(desk.breaker().call(() -> 1)).isEqualTo(1);
        assertThat(desk.breaker().counters().inFlight()).isZero();
        assertThat(desk.breaker().counters().successful()).isEqualTo(1);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> Outcome sneak(Throwable e) throws E {
        throw (E) e;
    }

    @Test
    void haltOvertakenByAStalledCall_actsAllTheSame() {
        ManualScheduler time = new ManualScheduler();
        HookedClock clock = new HookedClock(time.clock());
        try (BreakerRegistry hooked = BreakerRegistry.builder()
                .breaker("trading", BreakerConfig.DEFAULT.with(c -> c.failureThreshold(0)))
                .clock(clock)
                .scheduler(time)
                .build()) {
            TradingBreaker breaker = hooked.breaker("trading");
            breaker.acquire(Intent.OPEN_RISK).success();
            // The operator's thread reads the clock and sleeps; a call begins and stalls before it wakes.
            clock.afterReading = () -> {
                time.advance(Duration.ofMillis(10));
                breaker.acquire(Intent.OPEN_RISK);
                time.advance(Duration.ofMillis(300));
            };
            breaker.halt("stop", null);
            assertThat(breaker.state()).isEqualTo(BreakerState.HALTED);
        }
    }

    @Test
    void callThatEndsWhileTheStallCheckJudgesIt_isSettledOnce() {
        Permit permit = node.tryAcquire();
        flaky.whilePublishing = permit::success;
        flaky.time.advance(Duration.ofMillis(300));
        assertThat(node.state()).isEqualTo(BreakerState.OPEN);
        BreakerCounters counters = node.counters();
        assertThat(counters.inFlight()).isZero();
        assertThat(counters.successful()).isEqualTo(1);
        assertThat(counters.successfulTime()).isEqualTo(Duration.ofMillis(220));
        assertThat(counters.slow()).isEqualTo(1);
        assertThat(counters.stalled()).isEqualTo(1);
        assertThat(counters.stale()).isEqualTo(1);
        assertThat(registry.breaker("venue").counters().successful()).isEqualTo(1);
    }

    @Test
    void callThatEndsWhileItIsGivenUp_isNotAbandoned() {
        BreakerRegistry lossy = BreakerRegistry.builder()
                .clock(flaky.time.clock())
                .scheduler(flaky)
                .breaker("trading", BreakerConfig.DEFAULT.with(c -> c.permitTimeout(Duration.ofSeconds(1))))
                .build();
        TradingBreaker breaker = lossy.breaker("trading");
        Permit permit = breaker.tryAcquire();
        flaky.whilePublishing = permit::failure;
        flaky.time.advance(Duration.ofSeconds(2));
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
        assertThat(breaker.counters().failed()).isEqualTo(1);
        assertThat(breaker.counters().abandoned()).isZero();
        assertThat(breaker.counters().inFlight()).isZero();
    }

    @Test
    void halfOpensTimerThatFailsOnce_isSetAgain() {
        node.trip("a", null);
        flaky.whilePublishing = () -> flaky.failsToSchedule = true;
        flaky.time.advance(Duration.ofSeconds(30));
        assertThat(node.state()).isEqualTo(BreakerState.HALF_OPEN);
        node.acquire(Intent.OPEN_RISK).failure();
        flaky.time.advance(Duration.ofSeconds(30));
        assertThat(node.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void healthCheckThatCannotBeStarted_isUnhealthy_andTriedAgain() {
        TradingBreaker probed = probed();
        probed.trip("a", null);
        flaky.failsToProbe = true;
        flaky.time.advance(Duration.ofSeconds(30));
        assertThat(probed.state()).isEqualTo(BreakerState.OPEN);
        assertThat(probed.counters().unhealthyProbes().count()).isEqualTo(1);
        flaky.time.advance(Duration.ofSeconds(1));
        assertThat(probed.state()).isEqualTo(BreakerState.HALF_OPEN);
    }

    @Test
    void healthCheckWhoseDeadlineCannotBeSet_isTriedAgain() {
        TradingBreaker probed = probed();
        probed.trip("a", null);
        flaky.time.advance(Duration.ofMillis(29_990));
        flaky.failsToSchedule = true;
        flaky.time.advance(Duration.ofSeconds(2));
        assertThat(probed.state()).isEqualTo(BreakerState.HALF_OPEN);
    }

    @Test
    void timerThatCannotBeCancelled_silencesNobody_andHoldsNoState() {
        node.trip("a", null);
        flaky.failsToCancel = true;
        node.halt("b", null);
        node.resume("c", null);
        flaky.time.runDue();
        assertThat(node.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(told).extracting(Transition::sequence).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void probeAndDeadlineThatCannotBeCancelled_areAnsweredAllTheSame() {
        TradingBreaker probed = probed();
        probed.trip("a", null);
        flaky.failsToCancel = true;
        flaky.time.holdProbes();
        flaky.time.advance(Duration.ofSeconds(31));
        assertThat(probed.counters().unhealthyProbes().count()).isEqualTo(1);
        flaky.time.releaseProbes();
        flaky.time.advance(Duration.ofSeconds(1));
        assertThat(probed.state()).isEqualTo(BreakerState.HALF_OPEN);
    }

    private TradingBreaker probed() {
        return BreakerRegistry.builder()
                .clock(flaky.time.clock())
                .scheduler(flaky)
                .healthCheckers(List.of(() -> HealthStatus.healthy(Duration.ZERO, "ok")))
                .build()
                .breaker("trading");
    }

    private static final class HookedClock implements BreakerClock {

        private final BreakerClock real;
        private Runnable afterReading = () -> {};

        HookedClock(BreakerClock real) {
            this.real = real;
        }

        @Override
        public long nanoTime() {
            long now = real.nanoTime();
            Runnable once = afterReading;
            afterReading = () -> {};
            once.run();
            return now;
        }

        @Override
        public Instant instant() {
            return real.instant();
        }
    }
}
