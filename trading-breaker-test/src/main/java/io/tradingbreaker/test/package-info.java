/** Virtual time, for tests that see a breaker trip and recover without waiting. */
@NullMarked
package io.tradingbreaker.test;

import org.jspecify.annotations.NullMarked;
