package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.spring.http.HttpGuard;
import io.tradingbreaker.spring.http.HttpGuards;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/** The guards of HTTP requests, for the clients that there are. */
@AutoConfiguration(after = TradingBreakerAutoConfiguration.class)
@ConditionalOnClass(name = "org.springframework.web.util.pattern.PathPattern")
@ConditionalOnSwitch({"trading-breaker.enabled", "trading-breaker.http.enabled"})
@Conditional(OnHttpGuardsCondition.class)
public final class HttpGuardsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    static HttpGuards tradingBreakerHttpGuards(
            TradingBreakerProperties properties, ObjectProvider<BreakerRegistry> registry) {
        return new HttpGuards(
                properties.http().guards().stream()
                        .map(guard -> new HttpGuard(
                                guard.uri(),
                                guard.breaker().isBlank() ? BreakerRegistry.DEFAULT_NAME : guard.breaker(),
                                guard.methods(),
                                guard.intent(),
                                guard.failureStatus(),
                                guard.ignoredStatus()))
                        .toList(),
                registry::getObject);
    }
}
