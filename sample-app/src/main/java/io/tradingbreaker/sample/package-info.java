/** A paper-trading service that is paused by a Trading Breaker. */
@NullMarked
package io.tradingbreaker.sample;

import org.jspecify.annotations.NullMarked;
