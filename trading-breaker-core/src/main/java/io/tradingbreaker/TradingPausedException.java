package io.tradingbreaker;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A call was refused because trading is paused. It did not run. Carries no stack trace: it says where trading was
 * paused, not where the call came from.
 */
public final class TradingPausedException extends RejectedExecutionException {

    private static final long serialVersionUID = 1L;

    private final String breaker;
    private final BreakerState state;
    private final transient @Nullable TransitionReason reason;
    private final @Nullable Duration retryAfter;
    private final @Nullable String detail;

    TradingPausedException(
            String breaker, BreakerState state, @Nullable TransitionReason reason, @Nullable Duration retryAfter) {
        this(breaker, state, reason, retryAfter, null);
    }

    private TradingPausedException(
            String breaker,
            BreakerState state,
            @Nullable TransitionReason reason,
            @Nullable Duration retryAfter,
            @Nullable String detail) {
        this.breaker = breaker;
        this.state = state;
        this.reason = reason;
        this.retryAfter = retryAfter;
        this.detail = detail;
    }

    /**
     * The same refusal, with what kept this call from passing the pause.
     *
     * @param detail ends the message, as one line of at most 200 characters
     */
    public TradingPausedException with(String detail) {
        return new TradingPausedException(breaker, state, reason, retryAfter, Text.oneLine(detail));
    }

    /** The breaker that refused: the one that was called or a level above it. */
    public String breaker() {
        return breaker;
    }

    /** The state in which it refused. */
    public BreakerState state() {
        return state;
    }

    /** Why that state began; null only after deserialization. */
    public @Nullable TransitionReason reason() {
        return reason;
    }

    /**
     * The time to the next attempt at recovery, from the moment of refusal; null when HALTED, and where the pause waits for
     * an operator.
     */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    @Override
    public String getMessage() {
        return "Trading is paused: breaker '" + breaker + "' is " + state
                + (reason == null ? "" : " (" + reason.message() + ")")
                + (detail == null ? "" : "; " + detail);
    }

    /** A refusal is an answer, not a fault: filling a stack trace would cost more than the rest of it. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
