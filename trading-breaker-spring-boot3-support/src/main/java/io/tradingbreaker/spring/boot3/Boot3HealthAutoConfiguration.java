package io.tradingbreaker.spring.boot3;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.spring.autoconfigure.ConditionalOnSwitch;
import io.tradingbreaker.spring.health.TradingBreakerHealth;
import io.tradingbreaker.spring.probe.ConfiguredProbes;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** The health contributor {@code tradingBreaker}, on Spring Boot 3.5: no other line has these classes. */
@AutoConfiguration(afterName = "io.tradingbreaker.spring.autoconfigure.TradingBreakerAutoConfiguration")
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnEnabledHealthIndicator("trading-breaker")
@ConditionalOnSwitch("trading-breaker.enabled")
@ConditionalOnBean(BreakerRegistry.class)
public final class Boot3HealthAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "tradingBreakerHealthIndicator")
    HealthIndicator tradingBreakerHealthIndicator(
            BreakerRegistry registry, Environment environment, ObjectProvider<ConfiguredProbes> probes) {
        return new Boot3HealthIndicator(
                registry, TradingBreakerHealth.pausedStatus(environment), ConfiguredProbes.background(probes));
    }
}
