/**
 * A circuit breaker that pauses trading when tail latency passes its limit, and earns its way back.
 *
 * <p>Start at {@link io.tradingbreaker.BreakerRegistry}; a call is guarded through
 * {@link io.tradingbreaker.TradingBreaker}. Public types are the API, everything else is package-private.
 */
@NullMarked
package io.tradingbreaker;

import org.jspecify.annotations.NullMarked;
