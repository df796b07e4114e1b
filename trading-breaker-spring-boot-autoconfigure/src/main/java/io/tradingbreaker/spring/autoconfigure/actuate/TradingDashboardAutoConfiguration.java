package io.tradingbreaker.spring.autoconfigure.actuate;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.RecoveryScheduler;
import io.tradingbreaker.spring.actuate.CircuitBreakerEndpoint;
import io.tradingbreaker.spring.autoconfigure.ConditionalOnSwitch;
import io.tradingbreaker.spring.dashboard.DashboardSettings;
import io.tradingbreaker.spring.dashboard.TradingDashboardEndpoint;
import io.tradingbreaker.spring.desk.PauseHooks;
import io.tradingbreaker.spring.probe.ConfiguredProbes;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

/** The dashboard, where Actuator is there and its endpoint is exposed; otherwise nothing is sampled. */
@AutoConfiguration(afterName = "io.tradingbreaker.spring.autoconfigure.TradingBreakerAutoConfiguration")
@ConditionalOnClass({WebEndpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnWebApplication
@ConditionalOnAvailableEndpoint(TradingDashboardEndpoint.class)
@ConditionalOnSwitch({"trading-breaker.enabled", "trading-breaker.dashboard.enabled"})
@ConditionalOnBean(BreakerRegistry.class)
public final class TradingDashboardAutoConfiguration {

    // Not lazily: it has to have seen the incident that it is opened for.
    @Bean(initMethod = "start")
    @Lazy(false)
    @ConditionalOnMissingBean
    TradingDashboardEndpoint tradingDashboardEndpoint(
            BreakerRegistry registry,
            BreakerClock clock,
            RecoveryScheduler scheduler,
            DashboardSettings settings,
            ObjectProvider<ConfiguredProbes> probes,
            ObjectProvider<PauseHooks> hooks,
            ObjectProvider<WebEndpointsSupplier> endpoints) {
        CircuitBreakerEndpoint views =
                CircuitBreakerEndpointAutoConfiguration.endpoint(registry, probes, hooks, null, null);
        return new TradingDashboardEndpoint(
                registry,
                clock,
                scheduler,
                settings,
                name -> views.breaker(name).getBody(),
                endpoints);
    }
}
