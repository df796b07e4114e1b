package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.spring.web.TradingPausedAdvice;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Answers refused calls with 503 in MVC and WebFlux. */
@AutoConfiguration
@ConditionalOnWebApplication
@ConditionalOnClass(RestControllerAdvice.class)
@ConditionalOnSwitch("trading-breaker.web.enabled")
public final class TradingPausedWebAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    TradingPausedAdvice tradingPausedAdvice() {
        return new TradingPausedAdvice();
    }
}
