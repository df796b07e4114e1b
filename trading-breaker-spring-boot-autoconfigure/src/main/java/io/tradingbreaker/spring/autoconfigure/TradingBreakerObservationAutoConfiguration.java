package io.tradingbreaker.spring.autoconfigure;

import io.micrometer.observation.ObservationRegistry;
import io.tradingbreaker.CallObserver;
import io.tradingbreaker.spring.observation.BreakerCallConvention;
import io.tradingbreaker.spring.observation.ObservedBreakers;
import io.tradingbreaker.spring.observation.TransitionConvention;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Observes guarded calls and transitions, where that is switched on and Micrometer's registry is there. */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
            // Spring Boot 3.5
            "org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration"
        })
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnSwitch(value = "trading-breaker.enabled", optIn = "trading-breaker.observation.enabled")
@ConditionalOnBean(ObservationRegistry.class)
public final class TradingBreakerObservationAutoConfiguration {

    /** Its parts are looked up late: handlers of observations may need breakers. */
    @Bean
    @ConditionalOnMissingBean(CallObserver.class)
    static ObservedBreakers tradingBreakerObservations(
            ObjectProvider<ObservationRegistry> registry,
            ObjectProvider<BreakerCallConvention> calls,
            ObjectProvider<TransitionConvention> transitions) {
        return new ObservedBreakers(() -> new ObservedBreakers.Settings(
                registry.getObject(), calls.getIfAvailable(), transitions.getIfAvailable()));
    }
}
