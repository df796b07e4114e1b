package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many threads want the few trials of HALF_OPEN, or end the same permit. */
@Timeout(120)
class HalfOpenFloodTests {

    @Test
    void halfOpenFlood_neverHasMoreThanTheTrialsInTheCallee() throws Exception {
        BreakerConfig config = ConcurrentPitfallTests.quick()
                .with(c -> c.halfOpenTimeout(Duration.ofMinutes(5))
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
            CountDownLatch areTrialsIn = new CountDownLatch(3);
            AtomicBoolean hasStaleEnded = new AtomicBoolean();
            CountDownLatch refusals = new CountDownLatch(20_000);
            CountDownLatch finish = new CountDownLatch(1);
            Threads.run(12, number -> {
                if (number == 0) {
                    try {
                        areTrialsIn.await();
                        // What was admitted before the trip ends in between, in every way.
                        for (int i = 0; i < stale.size(); i++) {
                            List.<Runnable>of(stale.get(i)::success, stale.get(i)::failure, stale.get(i)::ignored)
                                    .get(i % 3)
                                    .run();
                        }
                        hasStaleEnded.set(true);
                        refusals.await();
                        assertThat(entered).hasValue(3);
                    } finally {
                        finish.countDown();
                    }
                    return;
                }
                while (finish.getCount() > 0) {
                    try {
                        breaker.call(() -> {
                            entered.incrementAndGet();
                            areTrialsIn.countDown();
                            finish.await();
                            return null;
                        });
                    } catch (TradingPausedException e) {
                        if (hasStaleEnded.get()) {
                            refusals.countDown();
                        }
                    }
                }
            });
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
                together.awaitAdvanceInterruptibly(together.arrive());
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
}
