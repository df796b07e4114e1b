package io.tradingbreaker.spring.health;

import io.tradingbreaker.BreakerMode;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerSnapshot;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.TransitionReason;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * Shows each breaker's state. Stays UP, so that a paused service goes on to receive cancels, unless it is given a status
 * for trading that is paused. Thread-safe.
 */
public final class TradingBreakerHealthIndicator implements HealthIndicator {

    private final BreakerRegistry registry;
    private final Status pausedStatus;

    /** @param pausedStatus the status while a breaker refuses calls; UP leaves the service's health alone */
    public TradingBreakerHealthIndicator(BreakerRegistry registry, Status pausedStatus) {
        this.registry = registry;
        this.pausedStatus = pausedStatus;
    }

    @Override
    public Health health() {
        Health.Builder health = Health.up();
        for (TradingBreaker breaker : registry.breakers()) {
            BreakerSnapshot snapshot = breaker.snapshot();
            if (isPaused(snapshot)) {
                health.status(pausedStatus);
            }
            health.withDetail(breaker.name(), details(snapshot));
        }
        return health.build();
    }

    /** HALF_OPEN tests recovery and is not paused; nor is an OPEN that only observes, since it refuses nothing. */
    private static boolean isPaused(BreakerSnapshot breaker) {
        return switch (breaker.state()) {
            case HALTED -> true;
            case OPEN -> breaker.mode() == BreakerMode.ENFORCE;
            case CLOSED, HALF_OPEN -> false;
        };
    }

    private static Map<String, @Nullable Object> details(BreakerSnapshot breaker) {
        TransitionReason reason = breaker.reason();
        Map<String, @Nullable Object> details = new LinkedHashMap<>();
        details.put("state", breaker.state().name());
        details.put("mode", breaker.mode() == BreakerMode.ENFORCE ? "enforce" : "observe");
        details.put("since", breaker.since().toString());
        details.put("reason", reason == null ? null : reason.message());
        return details;
    }
}
