package io.tradingbreaker.spring.autoconfigure.actuate;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.spring.actuate.CircuitBreakerEndpoint;
import io.tradingbreaker.spring.actuate.LimitReader;
import io.tradingbreaker.spring.actuate.OtherArguments;
import io.tradingbreaker.spring.audit.AuditTrail;
import io.tradingbreaker.spring.autoconfigure.ConditionalOnSwitch;
import io.tradingbreaker.spring.desk.PauseHooks;
import io.tradingbreaker.spring.probe.ConfiguredProbes;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The endpoint {@code circuitbreaker}, where Actuator is there and the endpoint is exposed. */
@AutoConfiguration(afterName = "io.tradingbreaker.spring.autoconfigure.TradingBreakerAutoConfiguration")
@ConditionalOnClass({WebEndpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnAvailableEndpoint(CircuitBreakerEndpoint.class)
@ConditionalOnSwitch("trading-breaker.enabled")
@ConditionalOnBean(BreakerRegistry.class)
public final class CircuitBreakerEndpointAutoConfiguration {

    // Not named after its class: Resilience4j has a bean of that name.
    @Bean
    @ConditionalOnMissingBean
    CircuitBreakerEndpoint tradingBreakerEndpoint(
            BreakerRegistry registry,
            ObjectProvider<ConfiguredProbes> probes,
            ObjectProvider<PauseHooks> hooks,
            ObjectProvider<AuditTrail> trail,
            ObjectProvider<LimitReader> limits) {
        return endpoint(registry, probes, hooks, trail.getIfAvailable(), limits.getIfAvailable());
    }

    @Bean
    static OtherArguments tradingBreakerOtherArguments() {
        return new OtherArguments();
    }

    /** The endpoint, whether or not it is one that is exposed. */
    static CircuitBreakerEndpoint endpoint(
            BreakerRegistry registry,
            ObjectProvider<ConfiguredProbes> probes,
            ObjectProvider<PauseHooks> hooks,
            @Nullable AuditTrail trail,
            @Nullable LimitReader limits) {
        PauseHooks known = hooks.getIfAvailable();
        return new CircuitBreakerEndpoint(
                registry,
                ConfiguredProbes.settings(probes),
                known == null ? name -> List.of() : known::last,
                trail,
                limits);
    }
}
