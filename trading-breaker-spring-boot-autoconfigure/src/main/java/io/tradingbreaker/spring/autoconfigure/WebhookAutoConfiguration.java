package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.spring.autoconfigure.TradingBreakerProperties.Webhook;
import io.tradingbreaker.spring.webhook.WebhookNotifier;
import io.tradingbreaker.spring.webhook.WebhookSettings;
import java.util.Objects;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/** Tells a server of transitions, where one is set. */
@AutoConfiguration(after = TradingBreakerAutoConfiguration.class)
@ConditionalOnClass(name = "java.net.http.HttpClient")
@ConditionalOnSwitch("trading-breaker.enabled")
@ConditionalOnBean(TradingBreakerProperties.class)
@Conditional(OnWebhookCondition.class)
public final class WebhookAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    WebhookNotifier tradingBreakerWebhook(TradingBreakerProperties properties) {
        Webhook webhook = properties.webhook();
        return new WebhookNotifier(new WebhookSettings(
                WebhookSettings.url(Objects.requireNonNull(webhook.url(), "url")),
                webhook.timeout(),
                webhook.attempts(),
                webhook.queueSize(),
                webhook.headers(),
                webhook.states()));
    }
}
