package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listeners are told everything once, in order, and harm nobody. Real threads. */
@Timeout(60)
class PublisherTests {

    private static BreakerRegistry registry(StateChangeListener... listeners) {
        return BreakerRegistry.builder().listeners(List.of(listeners)).build();
    }

    @Test
    void manyThreadsChangingState_giveOneGaplessChain() throws Exception {
        List<Transition> told = new CopyOnWriteArrayList<>();
        try (BreakerRegistry registry = registry(told::add)) {
            TradingBreaker breaker = registry.breaker("trading");
            Threads.run(8, number -> {
                for (int i = 0; i < 200; i++) {
                    switch ((number + i) % 3) {
                        case 0 -> breaker.halt("h", null);
                        case 1 -> breaker.reset("r", null);
                        default -> {
                            try {
                                breaker.trip("t", null);
                            } catch (BreakerConflictException halted) {
                                // as it should
                            }
                        }
                    }
                }
            });
            long changes = breaker.counters().stateChanges();
            await().atMost(Duration.ofSeconds(30)).until(() -> told.size() >= changes);
            BreakerState before = BreakerState.CLOSED;
            for (int i = 0; i < told.size(); i++) {
                Transition t = told.get(i);
                assertThat(t.sequence()).isEqualTo(i + 1);
                assertThat(t.from()).isEqualTo(before);
                assertThat(t.reason().rule().moves(t.from(), t.to())).isTrue();
                before = t.to();
            }
            assertThat((long) told.size()).isEqualTo(changes);
            assertThat(breaker.counters().transitions().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(changes);
            assertThat(breaker.snapshot().transitions()).hasSizeLessThanOrEqualTo(50);
        }
    }

    @Test
    void throwingListener_keepsNobodyFromBeingTold() {
        List<Transition> told = new CopyOnWriteArrayList<>();
        try (BreakerRegistry registry = registry(
                t -> {
                    throw new AssertionError("broken");
                },
                told::add)) {
            registry.breaker("trading").trip("x", null);
            registry.breaker("trading").reset("y", null);
            await().atMost(Duration.ofSeconds(30)).until(() -> told.size() == 2);
            assertThat(registry.breaker("trading").counters().alertDelay().count())
                    .isLessThanOrEqualTo(2);
        }
    }

    @Test
    void blockedListener_delaysItsOwnBreakerOnly() {
        CountDownLatch release = new CountDownLatch(1);
        List<Transition> told = new CopyOnWriteArrayList<>();
        StateChangeListener blocking = t -> {
            if (t.breaker().equals("blocked")) {
                await().atMost(Duration.ofSeconds(20)).until(() -> release.getCount() == 0);
            }
            told.add(t);
        };
        try (BreakerRegistry registry = registry(blocking)) {
            registry.breaker("blocked").trip("x", null);
            registry.breaker("free").trip("x", null);
            await().atMost(Duration.ofSeconds(30)).until(() -> told.size() == 1);
            assertThat(told.get(0).breaker()).isEqualTo("free");
            // The blocked one goes on working.
            assertThat(registry.breaker("blocked").tryAcquire()).isNull();
            registry.breaker("blocked").reset("y", null);
            assertThat(registry.breaker("blocked").tryAcquire()).isNotNull();
            release.countDown();
            await().atMost(Duration.ofSeconds(30)).until(() -> told.size() == 3);
            assertThat(told.subList(1, 3)).extracting(Transition::sequence).containsExactly(1L, 2L);
        }
    }

    @Test
    void reentrantListener_changesTheStateItself() {
        List<BreakerState> told = new CopyOnWriteArrayList<>();
        BreakerRegistry[] holder = new BreakerRegistry[1];
        StateChangeListener reentrant = t -> {
            told.add(t.to());
            if (t.to() == BreakerState.OPEN) {
                holder[0].breaker("trading").halt("never alone", "listener");
            }
        };
        try (BreakerRegistry registry = registry(reentrant)) {
            holder[0] = registry;
            registry.breaker("trading").trip("x", null);
            await().atMost(Duration.ofSeconds(30)).until(() -> told.size() == 2);
            assertThat(told).containsExactly(BreakerState.OPEN, BreakerState.HALTED);
        }
    }

    @Test
    void listeners_neverRunOnTheCallersThread() {
        List<Thread> threads = new CopyOnWriteArrayList<>();
        try (BreakerRegistry registry = registry(t -> threads.add(Thread.currentThread()))) {
            registry.breaker("trading").trip("x", null);
            await().atMost(Duration.ofSeconds(30)).until(() -> threads.size() == 1);
            assertThat(threads.get(0)).isNotSameAs(Thread.currentThread());
        }
    }

    @Test
    void close_leavesNoThread_andTellsWhatHasHappened() {
        List<Transition> told = new ArrayList<>();
        BreakerRegistry registry = registry(told::add);
        registry.breaker("trading").trip("x", null);
        registry.close();
        assertThat(told).hasSize(1);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("trading-breaker-") && thread.isAlive()));
        // Calls are still answered.
        assertThat(registry.breaker("trading").tryAcquire()).isNull();
        registry.breaker("trading").reset("y", null);
        registry.breaker("trading").acquire(Intent.OPEN_RISK).success();
    }

    @Test
    void stallCheckOfTheThreadedScheduler_seesAHungCall() {
        try (BreakerRegistry registry = registry()) {
            registry.breaker("trading").acquire(Intent.OPEN_RISK);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> registry.breaker("trading").state() == BreakerState.OPEN);
        }
    }
}
