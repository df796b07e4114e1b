package io.tradingbreaker;

import java.util.Locale;

/** What a breaker does with the calls that come to it. */
public enum BreakerState {
    /** Calls pass and are measured. */
    CLOSED,
    /** Calls are refused, apart from those that reduce risk, until an attempt at recovery passes. */
    OPEN,
    /** A limited number of trial calls passes; their results decide between {@link #CLOSED} and {@link #OPEN}. */
    HALF_OPEN,
    /** Stopped by an operator: only an operator ends it. */
    HALTED;

    /** The lower-case name with dashes, as in meters: {@code half-open}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
