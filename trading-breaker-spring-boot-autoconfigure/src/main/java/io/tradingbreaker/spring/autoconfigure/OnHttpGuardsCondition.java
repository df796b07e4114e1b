package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.spring.autoconfigure.TradingBreakerProperties.Http;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches where HTTP requests are to be guarded: a client without guards stays untouched. */
final class OnHttpGuardsCondition extends SpringBootCondition {

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Http http = Binder.get(context.getEnvironment(), new BlankValues().apply(BindHandler.DEFAULT))
                .bind("trading-breaker.http", Http.class)
                .orElse(null);
        ConditionMessage.Builder message = ConditionMessage.forCondition("HTTP guards");
        return http != null && !http.guards().isEmpty()
                ? ConditionOutcome.match(message.because("trading-breaker.http.guards is set"))
                : ConditionOutcome.noMatch(message.because("trading-breaker.http.guards is not set"));
    }
}
