package io.tradingbreaker.spring.health;

import io.tradingbreaker.BreakerRegistry;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
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
    private final Function<String, @Nullable String> probes;

    /**
     * Shows the breakers of that registry.
     *
     * @param pausedStatus the status while a breaker refuses calls; UP leaves the service's health alone
     * @param probes what a breaker's probe sees in the background, as a line; null if it looks at nothing
     */
    public TradingBreakerHealthIndicator(
            BreakerRegistry registry, Status pausedStatus, Function<String, @Nullable String> probes) {
        this.registry = registry;
        this.pausedStatus = pausedStatus;
        this.probes = probes;
    }

    @Override
    public Health health() {
        TradingBreakerHealth health = TradingBreakerHealth.of(registry, pausedStatus.getCode(), probes);
        return Health.status(health.status()).withDetails(health.details()).build();
    }
}
