package io.tradingbreaker.spring.micrometer;

import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.tradingbreaker.BreakerRegistry;
import java.util.concurrent.TimeUnit;

/**
 * Gives every breaker its meters, those made later too. Meters read core's counters when they are read themselves;
 * nothing is measured twice. Thread-safe.
 */
public final class TradingBreakerMeters implements MeterBinder {

    private final BreakerRegistry breakers;

    public TradingBreakerMeters(BreakerRegistry breakers) {
        this.breakers = breakers;
    }

    @Override
    public void bindTo(MeterRegistry meters) {
        FunctionTimer.builder(
                        "trading.breaker.local.pause",
                        breakers,
                        all -> all.localPauses().count(),
                        all -> all.localPauses().total().toNanos(),
                        TimeUnit.NANOSECONDS)
                .description("Times in which this JVM itself stood still")
                .register(meters);
        breakers.onEachBreaker(breaker -> new BreakerMeters(breaker, meters).register());
    }
}
