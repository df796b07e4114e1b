package io.tradingbreaker.spring.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import io.tradingbreaker.TradingBreaker;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The breakers that have meters in one meter registry. One that is gone takes its meters along; its key may have another
 * breaker by then, of the same name. Thread-safe.
 */
final class MeteredBreakers {

    private final MeterRegistry meters;
    private final ReentrantLock lock = new ReentrantLock();
    // Only under the lock.
    private final Map<String, BreakerMeters> byName = new HashMap<>();

    MeteredBreakers(MeterRegistry meters) {
        this.meters = meters;
    }

    void add(TradingBreaker breaker) {
        lock.lock();
        try {
            BreakerMeters made = new BreakerMeters(breaker, meters);
            BreakerMeters earlier = byName.put(breaker.name(), made);
            if (earlier != null) {
                earlier.remove();
            }
            made.register();
        } finally {
            lock.unlock();
        }
    }

    void remove(TradingBreaker gone) {
        lock.lock();
        try {
            BreakerMeters known = byName.get(gone.name());
            if (known != null && known.areOf(gone)) {
                byName.remove(gone.name());
                known.remove();
            }
        } finally {
            lock.unlock();
        }
    }
}
