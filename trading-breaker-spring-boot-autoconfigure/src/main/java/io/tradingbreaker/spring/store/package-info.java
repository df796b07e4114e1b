/** Stores of what operators have halted. */
@NullMarked
package io.tradingbreaker.spring.store;

import org.jspecify.annotations.NullMarked;
