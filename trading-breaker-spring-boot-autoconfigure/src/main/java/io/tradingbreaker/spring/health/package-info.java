/** The health contributor {@code tradingBreaker}. */
@NullMarked
package io.tradingbreaker.spring.health;

import org.jspecify.annotations.NullMarked;
