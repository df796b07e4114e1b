package io.tradingbreaker.spring.micrometer;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tradingbreaker.TradingBreaker;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The breakers that have meters in one meter registry. One that is gone takes its meters along, but for those that another has
 * too, because a filter takes their names for the same; its key may have another breaker by then, of the same name. Thread-safe.
 */
final class MeteredBreakers {

    private final MeterRegistry meters;
    private final ReentrantLock lock = new ReentrantLock();
    // Only under the lock.
    private final Map<String, BreakerMeters> byName = new HashMap<>();
    private final IdentityHashMap<Meter, Integer> users = new IdentityHashMap<>();

    MeteredBreakers(MeterRegistry meters) {
        this.meters = meters;
    }

    void add(TradingBreaker breaker) {
        lock.lock();
        try {
            BreakerMeters made = new BreakerMeters(breaker, meters);
            BreakerMeters earlier = byName.put(breaker.name(), made);
            if (earlier != null) {
                remove(earlier);
            }
            made.register();
            made.registered().forEach(meter -> users.merge(meter, 1, Integer::sum));
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
                remove(known);
            }
        } finally {
            lock.unlock();
        }
    }

    private void remove(BreakerMeters gone) {
        for (Meter meter : gone.registered()) {
            if (users.computeIfPresent(meter, (used, count) -> count == 1 ? null : count - 1) == null) {
                meters.remove(meter);
            }
        }
    }
}
