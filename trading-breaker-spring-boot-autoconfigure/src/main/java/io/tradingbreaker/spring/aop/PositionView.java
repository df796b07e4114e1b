package io.tradingbreaker.spring.aop;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Knows the positions. Where there is a bean of this type, a call that marks its {@link Quantity} passes a pause as
 * {@code REDUCE} only if it takes no more off than there is.
 *
 * <p>Asked on the caller's thread while trading is paused, so it must be thread-safe and fast: memory, no network. A
 * call's effect must be in here before the call ends.
 */
@FunctionalInterface
public interface PositionView {

    /**
     * The position as it stands: positive if long, negative if short.
     *
     * @param breaker the breaker's name as in the annotation: all keys of one breaker share their positions
     * @return null if it is not known, which lets nothing pass as reducing
     */
    @Nullable
    BigDecimal position(String breaker, String instrument);
}
