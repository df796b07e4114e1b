package io.tradingbreaker.spring.autoconfigure.actuate;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.spring.autoconfigure.ConditionalOnSwitch;
import io.tradingbreaker.spring.health.TradingBreakerHealthIndicator;
import java.util.Locale;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** The health contributor {@code tradingBreaker}, on Spring Boot 4. */
@AutoConfiguration(afterName = "io.tradingbreaker.spring.autoconfigure.TradingBreakerAutoConfiguration")
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnEnabledHealthIndicator("trading-breaker")
@ConditionalOnSwitch("trading-breaker.enabled")
@ConditionalOnBean(BreakerRegistry.class)
public final class TradingBreakerHealthAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "tradingBreakerHealthIndicator")
    TradingBreakerHealthIndicator tradingBreakerHealthIndicator(BreakerRegistry registry, Environment environment) {
        return new TradingBreakerHealthIndicator(registry, pausedStatus(environment));
    }

    private static Status pausedStatus(Environment environment) {
        Boolean affectsStatus = Binder.get(environment)
                .bind("trading-breaker.health.affects-status", Boolean.class)
                .orElse(false);
        if (!Boolean.TRUE.equals(affectsStatus)) {
            return Status.UP;
        }
        String status = environment.getProperty("trading-breaker.health.open-status", "");
        return StringUtils.hasText(status)
                ? new Status(status.strip().toUpperCase(Locale.ROOT))
                : Status.OUT_OF_SERVICE;
    }
}
