package io.tradingbreaker.spring.observation;

import io.micrometer.observation.Observation;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.Intent;
import io.tradingbreaker.TradingPausedException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is known of one guarded call. */
public final class BreakerCallContext extends Observation.Context {

    private final String breaker;
    private final Intent intent;
    private final BreakerState state;
    private final @Nullable TradingPausedException refusal;
    private volatile Ending ending;

    private BreakerCallContext(
            String breaker,
            Intent intent,
            BreakerState state,
            @Nullable TradingPausedException refusal,
            Ending ending) {
        this.breaker = breaker;
        this.intent = intent;
        this.state = state;
        this.refusal = refusal;
        this.ending = ending;
    }

    static BreakerCallContext admitted(String breaker, Intent intent, BreakerState state) {
        return new BreakerCallContext(breaker, intent, state, null, Ending.UNKNOWN);
    }

    static BreakerCallContext refused(String breaker, Intent intent, TradingPausedException refusal) {
        return new BreakerCallContext(breaker, intent, refusal.state(), refusal, Ending.REJECTED);
    }

    /** The name of the breaker that was asked. */
    public String breaker() {
        return breaker;
    }

    public Intent intent() {
        return intent;
    }

    /** The state that let the call in, or in which a breaker refused it. */
    public BreakerState state() {
        return state;
    }

    /** Why it was refused; null if it was let in. */
    public @Nullable TradingPausedException refusal() {
        return refusal;
    }

    public Ending ending() {
        return ending;
    }

    void ended(Ending how) {
        ending = how;
    }

    /** How a guarded call ended. */
    public enum Ending {
        /** It has not ended yet. */
        UNKNOWN,
        /** It succeeded. */
        SUCCESS,
        /** It failed. */
        FAILURE,
        /** It says nothing about the node unless it was slow. */
        IGNORED,
        /** It says nothing about the node at all. */
        DISCARDED,
        /** It was refused. */
        REJECTED,
        /** It was given up after {@code permit-timeout}. */
        ABANDONED;

        /** The lower-case name. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
