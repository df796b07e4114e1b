/** What brings an order to the chain: the guarded {@link Trader}, on paper or live, and who signs for it. */
@NullMarked
package io.tradingbreaker.sample.execution;

import org.jspecify.annotations.NullMarked;
