package io.tradingbreaker.spring.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.test.ManualScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What the meters rely on: no breaker is missed, none is told twice. */
class OnEachBreakerTests {

    private final ManualScheduler time = new ManualScheduler();
    private final BreakerRegistry registry = BreakerRegistry.builder()
            .clock(time.clock())
            .scheduler(time)
            .undeclared(BreakerConfig.builder().parent("venue").build())
            .breaker("venue", BreakerConfig.DEFAULT)
            .build();

    @Test
    void presentAndLaterBreakers_areToldOnce() {
        List<String> told = new ArrayList<>();
        registry.onEachBreaker(breaker -> told.add(breaker.name()));
        assertThat(told).containsExactly("trading", "venue");

        registry.breaker("later");
        registry.breaker("later");

        assertThat(told).containsExactly("trading", "venue", "later");
    }

    @Test
    void failingAction_hidesNoBreaker() {
        List<String> told = new ArrayList<>();
        registry.onEachBreaker(breaker -> {
            if (breaker.name().equals("later")) {
                throw new IllegalStateException("planned");
            }
        });
        registry.onEachBreaker(breaker -> told.add(breaker.name()));

        assertThat(registry.breaker("later")).isNotNull();
        assertThat(told).contains("later");
    }

    @Test
    void action_mayMakeBreakersItself() {
        List<String> told = new ArrayList<>();
        registry.onEachBreaker(breaker -> {
            told.add(breaker.name());
            registry.breaker("made-by-action");
        });

        assertThat(told).containsExactlyInAnyOrder("trading", "venue", "made-by-action");
    }

    @Test
    void breakersMadeMeanwhile_areToldOnce() throws Exception {
        int threads = 4;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 200; round++) {
                Queue<TradingBreaker> told = new ConcurrentLinkedQueue<>();
                CountDownLatch start = new CountDownLatch(1);
                String name = "round-" + round;
                List<Future<?>> work = new ArrayList<>();
                for (int thread = 0; thread < threads - 1; thread++) {
                    work.add(pool.submit(() -> {
                        start.await();
                        return registry.breaker(name);
                    }));
                }
                work.add(pool.submit(() -> {
                    start.await();
                    registry.onEachBreaker(told::add);
                    return null;
                }));
                start.countDown();
                for (Future<?> done : work) {
                    done.get();
                }
                assertThat(told).containsExactlyInAnyOrderElementsOf(registry.breakers());
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
