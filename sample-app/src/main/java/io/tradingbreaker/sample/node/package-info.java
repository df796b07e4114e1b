/** The node's methods over JSON-RPC, its health check, and how calls to others fail. */
@NullMarked
package io.tradingbreaker.sample.node;

import org.jspecify.annotations.NullMarked;
