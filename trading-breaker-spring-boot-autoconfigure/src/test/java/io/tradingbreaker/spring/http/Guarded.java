package io.tradingbreaker.spring.http;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.spring.Calls;
import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.util.List;

/** A breaker in virtual time that guards all of loopback: calls over 200 ms are slow, five bad ones in a row trip. */
final class Guarded implements AutoCloseable {

    final ManualScheduler time = new ManualScheduler();
    final BreakerRegistry registry;
    final TradingBreaker breaker;
    final HttpGuards guards;

    /** @param stallCheckInterval within which calls that hang are not seen */
    Guarded(Duration stallCheckInterval) {
        registry = BreakerRegistry.builder()
                .clock(time.clock())
                .scheduler(time)
                .stallCheckInterval(stallCheckInterval)
                .build();
        breaker = registry.breaker("trading");
        guards = new HttpGuards(List.of(HttpGuard.of("127.0.0.1")), () -> registry);
    }

    /** What became of the calls so far: nothing is in flight, and the accounts balance. */
    void assertEnded(long successful, long failed, long ignored) {
        Calls.assertEnded(breaker, successful, failed, ignored);
    }

    long slow() {
        return breaker.counters().slow();
    }

    long samples() {
        return breaker.snapshot().window().samples();
    }

    @Override
    public void close() {
        registry.close();
    }
}
