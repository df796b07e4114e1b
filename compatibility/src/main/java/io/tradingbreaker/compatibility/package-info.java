/** A small application as a user has it: the starter, a web stack, Actuator and Prometheus. */
@NullMarked
package io.tradingbreaker.compatibility;

import org.jspecify.annotations.NullMarked;
