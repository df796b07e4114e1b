package io.tradingbreaker.spring.autoconfigure.actuate;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.spring.autoconfigure.ConditionalOnSwitch;
import io.tradingbreaker.spring.desk.PauseHooks;
import io.tradingbreaker.spring.micrometer.DeskMeters;
import io.tradingbreaker.spring.micrometer.TradingBreakerMeters;
import io.tradingbreaker.spring.webhook.WebhookNotifier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The breakers' meters, where Micrometer is there. Asks for no meter registry, so that none is made too early. */
@AutoConfiguration(afterName = "io.tradingbreaker.spring.autoconfigure.TradingBreakerAutoConfiguration")
@ConditionalOnClass(MeterBinder.class)
@ConditionalOnSwitch({"trading-breaker.enabled", "trading-breaker.metrics.enabled"})
@ConditionalOnBean(BreakerRegistry.class)
public final class TradingBreakerMetricsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    TradingBreakerMeters tradingBreakerMeters(BreakerRegistry registry) {
        return new TradingBreakerMeters(registry);
    }

    @Bean
    @ConditionalOnMissingBean
    DeskMeters tradingBreakerDeskMeters(
            BreakerRegistry registry, ObjectProvider<PauseHooks> hooks, ObjectProvider<WebhookNotifier> webhook) {
        return new DeskMeters(registry, hooks.getIfAvailable(), webhook.getIfAvailable());
    }
}
