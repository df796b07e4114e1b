package io.tradingbreaker.spring.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches where a webhook's URL is set. */
final class OnWebhookCondition extends SpringBootCondition {

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        String url = Binder.get(context.getEnvironment())
                .bind("trading-breaker.webhook.url", String.class)
                .orElse(null);
        ConditionMessage.Builder message = ConditionMessage.forCondition("Webhook");
        return url != null && !url.isBlank()
                ? ConditionOutcome.match(message.because("trading-breaker.webhook.url is set"))
                : ConditionOutcome.noMatch(message.because("trading-breaker.webhook.url is not set"));
    }
}
