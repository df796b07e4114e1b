package io.tradingbreaker;

import java.util.Locale;

/** What moved a breaker from one state to another; a closed set, fit for a meter's tag. */
public enum Rule {
    /** More samples over {@code p99-threshold} than the percentile allows. */
    PERCENTILE,
    /** {@code failure-threshold} failed or slow calls in a row. */
    CONSECUTIVE,
    /** The share of failures reached {@code error-rate-threshold}. */
    ERROR_RATE,
    /** This JVM itself stood still for more than {@code local-pause-limit} in 10 s. */
    LOCAL_PAUSE,
    /** A watched stream was silent for more than {@code stream-silence}. */
    STREAM_SILENCE,
    /** OPEN ran its time, there is no health checker to ask, and no watched stream is silent. */
    TIMEOUT,
    /** A health check's answer, or a watched stream that is silent still. */
    PROBE,
    /** The results of trial calls. */
    TRIALS,
    /** An operator's trip. */
    TRIP,
    /** An operator's halt: the kill switch. */
    HALT,
    /** An operator's resume. */
    RESUME,
    /** An operator's reset. */
    RESET;

    /** The lower-case name with dashes, as in meters and views: {@code error-rate}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether this rule can move a breaker from {@code from} to {@code to}. */
    public boolean moves(BreakerState from, BreakerState to) {
        return switch (this) {
            case PERCENTILE, CONSECUTIVE, ERROR_RATE, LOCAL_PAUSE, STREAM_SILENCE ->
                from == BreakerState.CLOSED && to == BreakerState.OPEN;
            case TIMEOUT -> from == BreakerState.OPEN && to == BreakerState.HALF_OPEN;
            case PROBE ->
                (from == BreakerState.OPEN && to == BreakerState.HALF_OPEN)
                        || (from == BreakerState.HALF_OPEN && to == BreakerState.OPEN);
            case TRIALS -> from == BreakerState.HALF_OPEN && (to == BreakerState.OPEN || to == BreakerState.CLOSED);
            case TRIP -> (from == BreakerState.CLOSED || from == BreakerState.HALF_OPEN) && to == BreakerState.OPEN;
            case HALT -> from != BreakerState.HALTED && to == BreakerState.HALTED;
            case RESUME -> from == BreakerState.HALTED && to == BreakerState.OPEN;
            case RESET -> from != BreakerState.CLOSED && to == BreakerState.CLOSED;
        };
    }
}
