package io.tradingbreaker.spring.audit;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of the trail. Immutable.
 *
 * @param id grows by one from entry to entry
 * @param at the wall clock's time
 * @param type {@link #TRANSITION} or {@link #ACTION}
 * @param breaker the breaker's name; null for an action on all
 * @param principal the operator, or {@link #SELF}
 * @param data strings of one line and at most 200 characters, finite numbers, and lists of such strings
 */
public record AuditEntry(
        long id, Instant at, String type, @Nullable String breaker, String principal, Map<String, Object> data) {

    /** A breaker has changed its state. */
    public static final String TRANSITION = "TRADING_BREAKER_TRANSITION";

    /** An operator has asked the endpoint for something, and got it or was refused; or limits were changed. */
    public static final String ACTION = "TRADING_BREAKER_ACTION";

    /** The principal of what nobody asked for, or somebody who gave no name. */
    public static final String SELF = "trading-breaker";
}
