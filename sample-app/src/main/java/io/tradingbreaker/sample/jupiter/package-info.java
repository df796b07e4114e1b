/** Quotes and swaps from several Jupiter endpoints, each behind a breaker of its own. */
@NullMarked
package io.tradingbreaker.sample.jupiter;

import org.jspecify.annotations.NullMarked;
