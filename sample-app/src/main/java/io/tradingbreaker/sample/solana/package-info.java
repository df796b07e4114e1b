/** What both ends of the wire must agree on: tokens, transactions, base 58. */
@NullMarked
package io.tradingbreaker.sample.solana;

import org.jspecify.annotations.NullMarked;
