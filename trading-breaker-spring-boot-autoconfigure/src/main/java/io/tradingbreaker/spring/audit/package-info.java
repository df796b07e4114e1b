/** Who did what, and what the breakers did. */
@NullMarked
package io.tradingbreaker.spring.audit;

import org.jspecify.annotations.NullMarked;
