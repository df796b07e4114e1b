package io.tradingbreaker.spring.autoconfigure.actuate;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.spring.autoconfigure.ConditionalOnSwitch;
import io.tradingbreaker.spring.health.TradingBreakerHealth;
import io.tradingbreaker.spring.health.TradingBreakerHealthIndicator;
import io.tradingbreaker.spring.probe.ConfiguredProbes;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** The health contributor {@code tradingBreaker}, on Spring Boot 4. */
@AutoConfiguration(afterName = "io.tradingbreaker.spring.autoconfigure.TradingBreakerAutoConfiguration")
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnEnabledHealthIndicator("trading-breaker")
@ConditionalOnSwitch("trading-breaker.enabled")
@ConditionalOnBean(BreakerRegistry.class)
public final class TradingBreakerHealthAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "tradingBreakerHealthIndicator")
    TradingBreakerHealthIndicator tradingBreakerHealthIndicator(
            BreakerRegistry registry, Environment environment, ObjectProvider<ConfiguredProbes> probes) {
        return new TradingBreakerHealthIndicator(
                registry,
                new Status(TradingBreakerHealth.pausedStatus(environment)),
                ConfiguredProbes.background(probes));
    }
}
