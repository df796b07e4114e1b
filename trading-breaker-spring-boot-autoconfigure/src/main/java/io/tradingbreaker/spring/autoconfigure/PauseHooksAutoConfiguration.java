package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.BreakerRegistry;
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
        return new PauseHooks(
                () -> beans.getBeansOfType(PauseHook.class),
                breaker -> registry.breaker(breaker).mode(),
                clock);
    }
}
