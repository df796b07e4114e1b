/** An application that has Resilience4j, Spring Cloud CircuitBreaker and Trading Breaker on board. */
@NullMarked
package io.tradingbreaker.company;

import org.jspecify.annotations.NullMarked;
