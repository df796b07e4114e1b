/** The desk, its orders and portfolio, and the bot that trades. */
@NullMarked
package io.tradingbreaker.sample.trading;

import org.jspecify.annotations.NullMarked;
