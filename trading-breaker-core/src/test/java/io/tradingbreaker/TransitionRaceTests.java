package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Operators, timers and traffic change the state at once. */
@Timeout(120)
class TransitionRaceTests {

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
        int rounds = 5_000;
        StillBreaker still = new StillBreaker(StillBreaker.SMALL);
        Breaker breaker = still.breaker;
        Rendezvous together = new Rendezvous();
        Threads.run(2, number -> {
            for (int round = 0; round < rounds; round++) {
                if (number == 0) {
                    breaker.reset("again", null);
                    breaker.trip("t", null);
                }
                together.meet();
                // Now the one is earlier by a little, now the other.
                for (int i = round % 200 - 100; number == 0 ? i > 0 : i < 0; i -= Integer.signum(i)) {
                    Thread.onSpinWait();
                }
                if (number == 0) {
                    still.timer().run();
                } else {
                    breaker.halt("stop", null);
                }
                together.meet();
                if (number == 0) {
                    assertThat(breaker.state()).isEqualTo(BreakerState.HALTED);
                    // That of HALF_OPEN, if it came to that.
                    still.timer().run();
                    assertThat(breaker.state()).isEqualTo(BreakerState.HALTED);
                }
            }
        });
        Map<BreakerCounters.TransitionKind, Long> ways = breaker.counters().transitions();
        long fromOpen = count(ways, BreakerState.OPEN, BreakerState.HALTED, Rule.HALT);
        long fromHalfOpen = count(ways, BreakerState.HALF_OPEN, BreakerState.HALTED, Rule.HALT);
        assertThat(fromOpen + fromHalfOpen).isEqualTo(rounds);
        assertThat(count(ways, BreakerState.OPEN, BreakerState.HALF_OPEN, Rule.TIMEOUT))
                .isEqualTo(fromHalfOpen);
    }

    private static long count(
            Map<BreakerCounters.TransitionKind, Long> ways, BreakerState from, BreakerState to, Rule rule) {
        return ways.getOrDefault(new BreakerCounters.TransitionKind(from, to, rule), 0L);
    }

    @Test
    void everyListener_seesAGaplessChain_underOperatorsAndTraffic() throws Exception {
        List<Queue<Transition>> told =
                List.of(new ConcurrentLinkedQueue<>(), new ConcurrentLinkedQueue<>(), new ConcurrentLinkedQueue<>());
        StateChangeListener throwing = t -> {
            told.get(1).add(t);
            throw new IllegalStateException("broken");
        };
        BreakerConfig config = ConcurrentPitfallTests.quick().with(c -> c.failureThreshold(3));
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
        await().forever().until(() -> told.stream().allMatch(chain -> chain.size() >= changes));
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
