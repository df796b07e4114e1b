/** Replays of recorded latencies, and how well the breaker did in them. */
@NullMarked
package io.tradingbreaker.sample.replay;

import org.jspecify.annotations.NullMarked;
