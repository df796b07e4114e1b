package io.tradingbreaker;

import java.time.Duration;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stall check of all breakers of a registry, those of single keys that are leaving included. Notices at the same
 * intervals whether this JVM has stood still. One thread at a time.
 */
final class StallChecks {

    private static final Logger log = LoggerFactory.getLogger(BreakerRegistry.class);

    private final SharedParts parts;
    private final AllBreakers breakers;
    private final Collection<KeyedBreakers> keyed;

    /** @param keyed a view of those there are, none of them switched off */
    StallChecks(SharedParts parts, AllBreakers breakers, Collection<KeyedBreakers> keyed) {
        this.parts = parts;
        this.breakers = breakers;
        this.keyed = keyed;
    }

    /** Begins. */
    RecoveryScheduler.Task every(Duration interval) {
        parts.pauses().beat(parts.clock().nanoTime());
        return parts.scheduler().every(interval, this::run);
    }

    private void run() {
        long now = parts.clock().nanoTime();
        LocalPauses pauses = parts.pauses();
        long paused = pauses.beat(now);
        long recent = paused == 0 ? 0 : pauses.recentNanos(now);
        long active = pauses.active(now);
        for (TradingBreaker breaker : breakers.values()) {
            check((Breaker) breaker, active, now, recent);
        }
        for (KeyedBreakers keys : keyed) {
            ((BreakersByKey) keys).sweep().leaving().forEach(breaker -> check(breaker, active, now, recent));
        }
    }

    private static void check(Breaker breaker, long active, long now, long recent) {
        try {
            Gate gate = breaker.gate();
            if (recent > 0 || gate.isCheckDue(active)) {
                gate.check(active, now, recent);
            }
        } catch (RuntimeException | Error e) {
            log.error("The stall check of breaker '{}' failed", breaker.name(), e);
        }
    }
}
