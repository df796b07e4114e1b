package io.tradingbreaker.spring.boot3;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.spring.health.TradingBreakerHealth;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;

/** Shows each breaker's state, on Spring Boot 3.5; says the same as its counterpart for Spring Boot 4. Thread-safe. */
final class Boot3HealthIndicator implements HealthIndicator {

    private final BreakerRegistry registry;
    private final String pausedStatus;
    private final Function<String, @Nullable String> probes;

    Boot3HealthIndicator(BreakerRegistry registry, String pausedStatus, Function<String, @Nullable String> probes) {
        this.registry = registry;
        this.pausedStatus = pausedStatus;
        this.probes = probes;
    }

    @Override
    public Health health() {
        TradingBreakerHealth health = TradingBreakerHealth.of(registry, pausedStatus, probes);
        return Health.status(health.status()).withDetails(health.details()).build();
    }
}
