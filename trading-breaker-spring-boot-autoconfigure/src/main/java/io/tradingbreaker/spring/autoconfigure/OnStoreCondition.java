package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.spring.autoconfigure.TradingBreakerProperties.Store;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Asks which store is chosen. */
final class OnStoreCondition extends SpringBootCondition {

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Store.Type wanted =
                metadata.getAnnotations().get(ConditionalOnStore.class).getEnum("value", Store.Type.class);
        Store.Type chosen = Binder.get(context.getEnvironment(), new BlankValues().apply(BindHandler.DEFAULT))
                .bind("trading-breaker.store", Store.class)
                .map(Store::chosen)
                .orElse(Store.Type.NONE);
        ConditionMessage.Builder message = ConditionMessage.forCondition(ConditionalOnStore.class, wanted);
        return chosen == wanted
                ? ConditionOutcome.match(message.because("it is chosen"))
                : ConditionOutcome.noMatch(message.because("the store is " + chosen));
    }
}
