package io.tradingbreaker.spring.autoconfigure;

import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Asks the switches of {@link ConditionalOnSwitch}. */
final class OnSwitchCondition extends SpringBootCondition {

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Binder binder = Binder.get(context.getEnvironment());
        String[] switches =
                metadata.getAnnotations().get(ConditionalOnSwitch.class).getStringArray("value");
        for (String name : switches) {
            if (!Objects.requireNonNull(binder.bind(name, Boolean.class).orElse(true))) {
                return ConditionOutcome.noMatch(
                        ConditionMessage.forCondition(ConditionalOnSwitch.class).because(name + " is false"));
            }
        }
        return ConditionOutcome.match();
    }
}
