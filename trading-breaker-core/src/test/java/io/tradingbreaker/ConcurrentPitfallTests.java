package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What other breakers got wrong under concurrency. Real threads. */
@Timeout(60)
class ConcurrentPitfallTests {

    private static BreakerConfig quick() {
        return BreakerConfig.DEFAULT.with(c -> c.recoveryTimeout(Duration.ofMillis(100))
                .halfOpenTimeout(Duration.ofMillis(100))
                .recovery(new RecoveryPolicy(Duration.ofMillis(100), Duration.ofMillis(100), 1, 0)));
    }

    @Test
    void halfOpenFlood_neverHasMoreThanTheTrialsInTheCallee() throws Exception {
        BreakerConfig config = quick().with(c -> c.halfOpenTimeout(Duration.ofMinutes(5))
                .p99Threshold(Duration.ofMinutes(1))
                .halfOpenRequests(3)
                .halfOpenSuccesses(3));
        try (BreakerRegistry registry =
                BreakerRegistry.builder().breaker("trading", config).build()) {
            TradingBreaker breaker = registry.breaker("trading");
            List<Permit> stale = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                stale.add(breaker.acquire(Intent.OPEN_RISK));
            }
            breaker.trip("test", null);
            AtomicInteger entered = new AtomicInteger();
            AtomicInteger refused = new AtomicInteger();
            CountDownLatch finish = new CountDownLatch(1);
            Threads.run(12, number -> {
                if (number == 0) {
                    // What was admitted before the trip ends in between, in every way.
                    await().until(() -> entered.get() == 3);
                    for (int i = 0; i < stale.size(); i++) {
                        List.<Runnable>of(stale.get(i)::success, stale.get(i)::failure, stale.get(i)::ignored)
                                .get(i % 3)
                                .run();
                    }
                    await().until(() -> refused.get() > 20_000);
                    finish.countDown();
                    return;
                }
                while (finish.getCount() > 0) {
                    try {
                        breaker.call(() -> {
                            entered.incrementAndGet();
                            finish.await();
                            return null;
                        });
                    } catch (TradingPausedException e) {
                        refused.incrementAndGet();
                    }
                }
            });
            assertThat(entered).hasValueGreaterThanOrEqualTo(3);
            assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
            assertThat(breaker.snapshot().reason().message()).startsWith("3 of 3 trial calls succeeded");
            assertThat(breaker.counters().stale()).isEqualTo(2_000);
            assertThat(breaker.counters().permitted()).isEqualTo(2_000 + entered.get());
        }
    }

    @Test
    void halfOpenFloodOfCancelledTrials_keepsToTheSlots() throws Exception {
        Desk desk = Desk.of(c -> c.halfOpenRequests(4).halfOpenSuccesses(4)).halfOpen();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Threads.run(8, number -> {
            for (int i = 0; i < 20_000; i++) {
                Permit permit = desk.breaker().tryAcquire();
                if (permit != null) {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    inside.decrementAndGet();
                    permit.ignored();
                }
            }
        });
        assertThat(most.get()).isBetween(1, 4);
        assertThat(StalledCallTests.acquire(desk, 4)).hasSize(4);
        assertThat(desk.breaker().tryAcquire()).isNull();
    }

    @Test
    void completionsOfOnePermitFromManyThreads_countOnce() throws Exception {
        Desk desk = Desk.of(c -> c.failureThreshold(0).errorRateThreshold(0));
        int rounds = 5_000;
        List<Permit> permits = StalledCallTests.acquire(desk, rounds);
        Phaser together = new Phaser(4);
        Threads.run(4, number -> {
            for (Permit permit : permits) {
                together.arriveAndAwaitAdvance();
                switch (number) {
                    case 0 -> permit.success();
                    case 1 -> permit.failure();
                    case 2 -> permit.ignored();
                    default -> permit.complete("result", null);
                }
            }
        });
        BreakerCounters counters = desk.breaker().counters();
        assertThat(counters.successful() + counters.failed() + counters.ignored())
                .isEqualTo(rounds);
        assertThat(counters.inFlight()).isZero();
        assertThat(counters.stale()).isZero();
        Desk.assertBalanced(desk.breaker());
    }

    @Test
    void racingTransitions_leaveNoTimerBehind() throws Exception {
        PendingTimers scheduler = new PendingTimers();
        try (BreakerRegistry registry = BreakerRegistry.builder()
                .clock(scheduler.time.clock())
                .scheduler(scheduler)
                .build()) {
            TradingBreaker breaker = registry.breaker("trading");
            Threads.run(8, number -> {
                Random random = new Random(number);
                for (int i = 0; i < 2_000; i++) {
                    switch (random.nextInt(4)) {
                        case 0 -> breaker.halt("h", null);
                        case 1 -> breaker.reset("r", null);
                        default -> attempt(random.nextBoolean(), breaker);
                    }
                }
            });
            breaker.halt("end", null);
            assertThat(scheduler.pending).isEmpty();
            breaker.resume("go", null);
            assertThat(scheduler.pending).hasSize(1);
        }
    }

    private static void attempt(boolean resumes, TradingBreaker breaker) {
        try {
            if (resumes) {
                breaker.resume("r", null);
            } else {
                breaker.trip("t", null);
            }
        } catch (BreakerConflictException notNow) {
            // as it should
        }
    }

    /** Knows the timers that were set and have been neither cancelled nor run. */
    private static final class PendingTimers implements RecoveryScheduler {

        private final ManualScheduler time = new ManualScheduler();
        private final List<Object> pending = Collections.synchronizedList(new ArrayList<>());

        @Override
        public Task after(Duration delay, Runnable timer) {
            Object mark = new Object();
            pending.add(mark);
            Task task = time.after(delay, () -> {
                pending.remove(mark);
                timer.run();
            });
            return () -> {
                pending.remove(mark);
                task.cancel();
            };
        }

        @Override
        public Task every(Duration interval, Runnable stallCheck) {
            return time.every(interval, stallCheck);
        }

        @Override
        public Task probe(Runnable check) {
            return time.probe(check);
        }

        @Override
        public void publish(Runnable listeners) {
            // Nobody listens.
        }

        @Override
        public void close() {
            time.close();
        }
    }

    @Test
    void haltRacingTheRecoveryTimer_isNeverLeft() throws Exception {
        try (BreakerRegistry registry =
                BreakerRegistry.builder().undeclared(quick()).build()) {
            for (int round = 0; round < 20; round++) {
                TradingBreaker breaker = registry.breaker("b" + round);
                breaker.trip("t", null);
            }
            await().until(() -> registry.find("b0").state() == BreakerState.HALF_OPEN);
            for (int round = 0; round < 20; round++) {
                registry.find("b" + round).halt("stop", null);
            }
            // As long again as any of their timers could be pending.
            TradingBreaker later = registry.breaker("later");
            later.trip("t", null);
            await().until(() -> later.state() == BreakerState.HALF_OPEN);
            assertThat(registry.breakers())
                    .filteredOn(b -> b.name().startsWith("b"))
                    .allMatch(b -> b.state() == BreakerState.HALTED);
        }
    }

    @Test
    void healthCheckThatIsCancelled_doesNotClose() {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger interrupted = new AtomicInteger();
        HealthChecker hangs = () -> {
            try {
                never.await();
                return HealthStatus.healthy(Duration.ZERO, "never");
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
                // A checker that takes its interrupt for an answer: too late to count.
                return HealthStatus.healthy(Duration.ZERO, "cancelled");
            }
        };
        try (BreakerRegistry registry = BreakerRegistry.builder()
                .breaker("trading", quick().with(c -> c.probeTimeout(Duration.ofMillis(20))))
                .healthCheckers(List.of(hangs))
                .build()) {
            TradingBreaker breaker = registry.breaker("trading");
            breaker.trip("t", null);
            await().until(() -> interrupted.get() >= 3);
            assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
            assertThat(breaker.counters().healthyProbes().count()).isZero();
            assertThat(breaker.counters().stateChanges()).isEqualTo(1);
        }
    }

    @Test
    void breakerUnderConstantTraffic_isNotOpenForEver() throws Exception {
        try (BreakerRegistry registry =
                BreakerRegistry.builder().breaker("trading", quick()).build()) {
            TradingBreaker breaker = registry.breaker("trading");
            AtomicBoolean isFailing = new AtomicBoolean(true);
            AtomicBoolean isDone = new AtomicBoolean();
            Threads.run(4, number -> {
                if (number == 0) {
                    await().until(() -> breaker.state() == BreakerState.OPEN);
                    isFailing.set(false);
                    await().until(() -> breaker.state() == BreakerState.CLOSED);
                    isDone.set(true);
                }
                while (!isDone.get()) {
                    Permit permit = breaker.tryAcquire();
                    if (permit == null) {
                        LockSupport.parkNanos(100_000);
                    } else if (isFailing.get()) {
                        permit.failure();
                    } else {
                        permit.success();
                    }
                }
            });
            // Not its state now: on a busy machine calls may have been slow again since.
            assertThat(breaker.counters().transitions())
                    .containsKey(new BreakerCounters.TransitionKind(
                            BreakerState.HALF_OPEN, BreakerState.CLOSED, Rule.TRIALS));
        }
    }

    @Test
    void everyListener_seesAGaplessChain_underOperatorsAndTraffic() throws Exception {
        List<Queue<Transition>> told =
                List.of(new ConcurrentLinkedQueue<>(), new ConcurrentLinkedQueue<>(), new ConcurrentLinkedQueue<>());
        StateChangeListener throwing = t -> {
            told.get(1).add(t);
            throw new IllegalStateException("broken");
        };
        BreakerConfig config = quick().with(c -> c.failureThreshold(3));
        BreakerRegistry registry = BreakerRegistry.builder()
                .breaker("trading", config)
                .breaker("node", config.with(c -> c.parent("trading")))
                .listeners(List.of(told.get(0)::add, throwing, told.get(2)::add))
                .build();
        Threads.run(6, number -> {
            Random random = new Random(number);
            for (int i = 0; i < 20_000; i++) {
                TradingBreaker breaker = registry.breaker(random.nextBoolean() ? "trading" : "node");
                if (random.nextInt(200) == 0) {
                    switch (random.nextInt(3)) {
                        case 0 -> breaker.halt("h", null);
                        case 1 -> breaker.reset("r", null);
                        default -> attempt(random.nextBoolean(), breaker);
                    }
                }
                Permit permit = breaker.tryAcquire();
                if (permit != null && random.nextInt(3) == 0) {
                    permit.success();
                } else if (permit != null) {
                    permit.failure();
                }
            }
        });
        // No timer changes a state from here on.
        registry.halt("end", null);
        long changes = registry.breaker("trading").counters().stateChanges()
                + registry.breaker("node").counters().stateChanges();
        await().until(() -> told.stream().allMatch(chain -> chain.size() >= changes));
        registry.close();
        assertThat(changes).isGreaterThan(100);
        for (Queue<Transition> chain : told) {
            assertThat(chain).hasSize((int) changes);
            for (String name : List.of("trading", "node")) {
                BreakerState from = BreakerState.CLOSED;
                long sequence = 0;
                for (Transition t :
                        chain.stream().filter(t -> t.breaker().equals(name)).toList()) {
                    assertThat(t.sequence()).isEqualTo(++sequence);
                    assertThat(t.from()).isEqualTo(from);
                    from = t.to();
                }
                assertThat(from).isEqualTo(registry.breaker(name).state());
            }
        }
    }
}
