package io.tradingbreaker.spring.autoconfigure;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Asks the switches of {@link ConditionalOnSwitch}. */
final class OnSwitchCondition extends SpringBootCondition {

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Binder binder = Binder.get(context.getEnvironment());
        MergedAnnotation<?> asked = metadata.getAnnotations().get(ConditionalOnSwitch.class);
        return Stream.concat(
                        off(binder, asked.getStringArray("value"), true).map(name -> name + " is false"),
                        off(binder, asked.getStringArray("optIn"), false).map(name -> name + " is not true"))
                .findFirst()
                .map(why -> ConditionOutcome.noMatch(
                        ConditionMessage.forCondition(ConditionalOnSwitch.class).because(why)))
                .orElseGet(ConditionOutcome::match);
    }

    private static Stream<String> off(Binder binder, String[] names, boolean ifNotSet) {
        return Arrays.stream(names)
                .filter(name ->
                        !Objects.requireNonNull(binder.bind(name, Boolean.class).orElse(ifNotSet)));
    }
}
