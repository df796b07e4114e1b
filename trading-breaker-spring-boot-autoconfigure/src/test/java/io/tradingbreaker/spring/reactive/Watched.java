package io.tradingbreaker.spring.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.OutcomeClassifier;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.spring.Calls;
import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.util.List;

/** A breaker in virtual time: calls over 200 ms are slow, and the first three of a half-open state are trials. */
final class Watched implements AutoCloseable {

    static final Duration PATIENT = Duration.ofSeconds(30);

    final ManualScheduler time = new ManualScheduler();
    final BreakerRegistry registry;
    final TradingBreaker breaker;
    final ReactiveBreaker reactive;

    Watched(OutcomeClassifier... classifiers) {
        registry = BreakerRegistry.builder()
                .clock(time.clock())
                .scheduler(time)
                .classifiers(List.of(classifiers))
                .build();
        breaker = registry.breaker("trading");
        reactive = ReactiveBreaker.of(breaker);
    }

    void halfOpen() {
        breaker.reset("test", null);
        breaker.trip("test", null);
        time.advance(Duration.ofSeconds(30));
        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
    }

    /** What became of the calls so far: nothing is in flight, and the accounts balance. */
    void assertEnded(long successful, long failed, long ignored) {
        Calls.assertEnded(breaker, successful, failed, ignored);
    }

    @Override
    public void close() {
        registry.close();
    }
}
