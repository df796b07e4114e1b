/** The clients of node and quote service, guarded by the breaker {@code node}, and its health check. */
@NullMarked
package io.tradingbreaker.sample.node;

import org.jspecify.annotations.NullMarked;
