package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A registry with a store, in virtual time: one process of those that share the store. */
final class StoredDesk implements AutoCloseable {

    final ManualScheduler time = new ManualScheduler();
    final List<Transition> transitions = Collections.synchronizedList(new ArrayList<>());
    final BreakerRegistry registry;

    StoredDesk(SwitchStore store, String... breakers) {
        this(store, SwitchStore.OnUnreadable.HALT, breakers);
    }

    StoredDesk(SwitchStore store, SwitchStore.OnUnreadable onUnreadable, String... breakers) {
        this(store, onUnreadable, BreakerConfig.DEFAULT, breakers);
    }

    StoredDesk(SwitchStore store, SwitchStore.OnUnreadable onUnreadable, BreakerConfig config, String... breakers) {
        BreakerRegistryBuilder builder = BreakerRegistry.builder()
                .clock(time.clock())
                .scheduler(time)
                .listeners(List.of(transitions::add))
                .store(store)
                .onUnreadable(onUnreadable);
        for (String breaker : breakers) {
            builder.breaker(breaker, config);
        }
        registry = builder.build();
    }

    TradingBreaker trading() {
        return registry.breaker("trading");
    }

    BreakerState state(String breaker) {
        return registry.breaker(breaker).state();
    }

    StoredDesk expect(String breaker, BreakerState state) {
        assertThat(state(breaker)).isEqualTo(state);
        return this;
    }

    StoreStatus status() {
        StoreStatus status = registry.storeStatus();
        assertThat(status).isNotNull();
        return status;
    }

    /** Looks at the store as often as it takes, in virtual time. */
    void until(Runnable assertions) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            time.advance(Duration.ofSeconds(1));
            assertions.run();
        });
    }

    Transition lastTransition() {
        time.runDue();
        return transitions.get(transitions.size() - 1);
    }

    /** Runs an operator's call on a thread of its own. */
    static CompletableFuture<Void> async(Runnable call) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                call.run();
                end.complete(null);
            } catch (RuntimeException | Error e) {
                end.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return end;
    }

    @Override
    public void close() {
        registry.close();
    }
}
