package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.spring.desk.PauseHook;
import io.tradingbreaker.spring.desk.PauseHooks;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Calls the application's {@link PauseHook} beans. */
@AutoConfiguration(after = TradingBreakerAutoConfiguration.class)
@ConditionalOnSwitch("trading-breaker.enabled")
@ConditionalOnBean(BreakerRegistry.class)
public final class PauseHooksAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    PauseHooks tradingBreakerPauseHooks(ListableBeanFactory beans, BreakerRegistry registry, BreakerClock clock) {
        PauseHooks hooks = new PauseHooks(
                () -> beans.getBeansOfType(PauseHook.class),
                name -> {
                    TradingBreaker breaker = registry.find(name);
                    return breaker == null ? null : breaker.mode();
                },
                clock);
        registry.onEachBreaker(made -> {}, gone -> hooks.forget(gone.name()));
        return hooks;
    }
}
