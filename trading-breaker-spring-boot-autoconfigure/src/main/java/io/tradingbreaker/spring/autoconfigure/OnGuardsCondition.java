package io.tradingbreaker.spring.autoconfigure;

import java.util.function.Predicate;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches where guards of a kind are set: a client without guards stays untouched. */
abstract class OnGuardsCondition<T> extends SpringBootCondition {

    private final String kind;
    private final String block;
    private final Class<T> type;
    private final Predicate<T> hasGuards;

    OnGuardsCondition(String kind, String block, Class<T> type, Predicate<T> hasGuards) {
        this.kind = kind;
        this.block = block;
        this.type = type;
        this.hasGuards = hasGuards;
    }

    @Override
    public final ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        T bound = Binder.get(context.getEnvironment(), new BlankValues().apply(BindHandler.DEFAULT))
                .bind(block, type)
                .orElse(null);
        ConditionMessage.Builder message = ConditionMessage.forCondition(kind + " guards");
        return bound != null && hasGuards.test(bound)
                ? ConditionOutcome.match(message.because(block + ".guards is set"))
                : ConditionOutcome.noMatch(message.because(block + ".guards is not set"));
    }
}
