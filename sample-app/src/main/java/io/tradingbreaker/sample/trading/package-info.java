/** The desk, its orders and portfolio, and the paper trader. */
@NullMarked
package io.tradingbreaker.sample.trading;

import org.jspecify.annotations.NullMarked;
