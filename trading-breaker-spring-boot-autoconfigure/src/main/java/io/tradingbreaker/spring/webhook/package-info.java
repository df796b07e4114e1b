/** Tells an HTTP server of transitions. */
@NullMarked
package io.tradingbreaker.spring.webhook;

import org.jspecify.annotations.NullMarked;
