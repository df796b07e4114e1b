package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.spring.actuate.LimitReader;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/** What changes limits while the application runs: the endpoint's texts, and Spring Cloud's refresh where that is there. */
@AutoConfiguration(after = TradingBreakerAutoConfiguration.class)
@ConditionalOnSwitch("trading-breaker.enabled")
@ConditionalOnBean({BreakerRegistry.class, TradingBreakerProperties.class})
public final class RetuningAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    LimitReader tradingBreakerLimitReader() {
        return new LimitTexts();
    }

    @Bean
    @ConditionalOnClass(name = ContextRefresh.EVENT)
    static ContextRefresh tradingBreakerContextRefresh(
            BeanFactory beans,
            Environment environment,
            ObjectProvider<TradingBreakerProperties> properties,
            ObjectProvider<BreakerConfigCustomizer> customizers,
            ObjectProvider<BreakerRegistry> registry,
            ResourceLoader resources) {
        return new ContextRefresh(beans, environment, properties, customizers, registry, resources);
    }
}
