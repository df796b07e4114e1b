/** Health probes that are set by property: what they look at, and what they make of it. */
@NullMarked
package io.tradingbreaker.spring.probe;

import org.jspecify.annotations.NullMarked;
