package io.tradingbreaker.spring.observation;

import io.micrometer.common.KeyValues;
import io.tradingbreaker.Transition;
import io.tradingbreaker.spring.observation.BreakerObservation.TransitionKey;

/** The names of {@link BreakerObservation#TRANSITION}. Made to be extended. Stateless. */
public class DefaultTransitionConvention implements TransitionConvention {

    static final DefaultTransitionConvention INSTANCE = new DefaultTransitionConvention();

    @Override
    public String getName() {
        return "trading.breaker.transition";
    }

    @Override
    public String getContextualName(TransitionContext context) {
        Transition transition = context.transition();
        return "breaker " + DefaultBreakerCallConvention.withoutKey(transition.breaker()) + " "
                + transition.to().code();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(TransitionContext context) {
        Transition transition = context.transition();
        return KeyValues.of(
                TransitionKey.BREAKER.withValue(DefaultBreakerCallConvention.withoutKey(transition.breaker())),
                TransitionKey.FROM.withValue(transition.from().code()),
                TransitionKey.TO.withValue(transition.to().code()),
                TransitionKey.RULE.withValue(transition.reason().rule().code()));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(TransitionContext context) {
        return DefaultBreakerCallConvention.keyed(context.transition().breaker());
    }
}
