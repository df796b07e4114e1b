package io.tradingbreaker.spring.health;

import io.tradingbreaker.BreakerRegistry;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * Shows each breaker's state, on Spring Boot 4. Stays UP, so that a paused service goes on to receive cancels, unless it
 * is given a status for trading that is paused. Thread-safe.
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
        TradingBreakerHealth health = TradingBreakerHealth.of(registry, pausedStatus.getCode());
        return Health.status(health.status()).withDetails(health.details()).build();
    }
}
