package io.tradingbreaker.spring.autoconfigure.actuate;

import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Keeps secrets of ours out of {@code configprops} and {@code env}. */
@AutoConfiguration
@ConditionalOnClass(SanitizingFunction.class)
public final class SecretSettingsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "tradingBreakerSecretSettings")
    SanitizingFunction tradingBreakerSecretSettings() {
        return new SecretSettings();
    }
}
