package io.tradingbreaker.spring.store;

import static org.awaitility.Awaitility.await;

import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.SwitchStore;
import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import org.awaitility.core.ThrowingRunnable;

/** One of the processes that share a store: its registry, in virtual time, with the breakers trading and node. */
final class Instance implements AutoCloseable {

    private static final Duration REFRESH = Duration.ofSeconds(1);

    final ManualScheduler time = new ManualScheduler();
    final BreakerRegistry registry;

    Instance(SwitchStore store) {
        this(store, SwitchStore.OnUnreadable.HALT);
    }

    Instance(SwitchStore store, SwitchStore.OnUnreadable onUnreadable) {
        registry = BreakerRegistry.builder()
                .clock(time.clock())
                .scheduler(time)
                .store(store)
                .onUnreadable(onUnreadable)
                .storeRefresh(REFRESH)
                .breaker("node", BreakerConfig.DEFAULT)
                .build();
    }

    BreakerState state(String breaker) {
        return registry.breaker(breaker).state();
    }

    /** Lets one refresh pass, and no more, and waits for what comes of it. */
    void afterOneRefresh(ThrowingRunnable assertions) {
        time.advance(REFRESH);
        await().atMost(Duration.ofSeconds(30)).untilAsserted(assertions);
    }

    /** Lets refreshes pass until it is so. */
    void eventually(ThrowingRunnable assertions) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            time.advance(REFRESH);
            assertions.run();
        });
    }

    @Override
    public void close() {
        registry.close();
    }
}
