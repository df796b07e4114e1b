/** Micrometer observations of guarded calls and transitions. */
@NullMarked
package io.tradingbreaker.spring.observation;

import org.jspecify.annotations.NullMarked;
