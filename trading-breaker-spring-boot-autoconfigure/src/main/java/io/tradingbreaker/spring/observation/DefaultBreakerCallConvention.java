package io.tradingbreaker.spring.observation;

import io.micrometer.common.KeyValues;
import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.TransitionReason;
import io.tradingbreaker.spring.observation.BreakerObservation.CallKey;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The names of {@link BreakerObservation#CALL}. Made to be extended. Stateless. */
public class DefaultBreakerCallConvention implements BreakerCallConvention {

    static final DefaultBreakerCallConvention INSTANCE = new DefaultBreakerCallConvention();

    private static final String NONE = "none";

    @Override
    public String getName() {
        return "trading.breaker.call";
    }

    @Override
    public String getContextualName(BreakerCallContext context) {
        return "breaker " + context.breaker();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(BreakerCallContext context) {
        TradingPausedException refusal = context.refusal();
        return KeyValues.of(
                CallKey.BREAKER.withValue(context.breaker()),
                CallKey.INTENT.withValue(
                        context.intent().name().toLowerCase(Locale.ROOT).replace('_', '-')),
                CallKey.OUTCOME.withValue(context.ending().code()),
                CallKey.STATE.withValue(context.state().code()),
                CallKey.REJECTION_REASON.withValue(reason(refusal)),
                CallKey.REJECTED_BY.withValue(refusal == null ? NONE : refusal.breaker()));
    }

    private static String reason(@Nullable TradingPausedException refusal) {
        TransitionReason reason = refusal == null ? null : refusal.reason();
        return reason == null ? NONE : reason.rule().code();
    }
}
