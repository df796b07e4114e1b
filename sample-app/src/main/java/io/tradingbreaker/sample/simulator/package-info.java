/** A simulated Solana node and Jupiter-like quote service on a port of their own. */
@NullMarked
package io.tradingbreaker.sample.simulator;

import org.jspecify.annotations.NullMarked;
