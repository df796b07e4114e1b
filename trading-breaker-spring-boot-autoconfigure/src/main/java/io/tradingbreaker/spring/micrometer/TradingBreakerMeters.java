package io.tradingbreaker.spring.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.StoreStatus;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * Gives every breaker its meters, those made later too, and removes those of one that is gone. Meters read core's counters when they are read themselves;
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
        if (breakers.storeStatus() != null) {
            FunctionCounter.builder(
                            "trading.breaker.store.failures", breakers, all -> status(all, StoreStatus::failures))
                    .description("Attempts to read or write the store of halts that failed")
                    .register(meters);
            Gauge.builder("trading.breaker.store.pending", breakers, all -> status(all, s -> s.isPending() ? 1 : 0))
                    .description("1 while a halt is in force that is not stored, else 0")
                    .register(meters);
        }
        MeteredBreakers metered = new MeteredBreakers(meters);
        breakers.onEachBreaker(metered::add, metered::remove);
    }

    private static double status(BreakerRegistry breakers, ToDoubleFunction<StoreStatus> figure) {
        StoreStatus status = breakers.storeStatus();
        return status == null ? 0 : figure.applyAsDouble(status);
    }
}
