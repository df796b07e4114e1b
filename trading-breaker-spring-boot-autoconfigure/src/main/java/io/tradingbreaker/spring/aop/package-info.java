/** {@code @LatencyGuarded} and the advice behind it. */
@NullMarked
package io.tradingbreaker.spring.aop;

import org.jspecify.annotations.NullMarked;
