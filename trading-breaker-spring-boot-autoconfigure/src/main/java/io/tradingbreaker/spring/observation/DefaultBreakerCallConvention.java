package io.tradingbreaker.spring.observation;

import io.micrometer.common.KeyValues;
import io.tradingbreaker.KeyedBreakers;
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
        return "breaker " + withoutKey(context.breaker());
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(BreakerCallContext context) {
        TradingPausedException refusal = context.refusal();
        return KeyValues.of(
                CallKey.BREAKER.withValue(withoutKey(context.breaker())),
                CallKey.INTENT.withValue(
                        context.intent().name().toLowerCase(Locale.ROOT).replace('_', '-')),
                CallKey.OUTCOME.withValue(context.ending().code()),
                CallKey.STATE.withValue(context.state().code()),
                CallKey.REJECTION_REASON.withValue(reason(refusal)),
                CallKey.REJECTED_BY.withValue(refusal == null ? NONE : withoutKey(refusal.breaker())));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(BreakerCallContext context) {
        return keyed(context.breaker());
    }

    /** Keys come and go, and a tag of a timer stays: so it tells the template of a keyed breaker only. */
    static String withoutKey(String breaker) {
        return KeyedBreakers.templateOf(breaker);
    }

    static KeyValues keyed(String breaker) {
        return KeyedBreakers.isKeyed(breaker)
                ? KeyValues.of(BreakerObservation.HighKey.KEYED_BREAKER.withValue(breaker))
                : KeyValues.empty();
    }

    private static String reason(@Nullable TradingPausedException refusal) {
        TransitionReason reason = refusal == null ? null : refusal.reason();
        return reason == null ? NONE : reason.rule().code();
    }
}
